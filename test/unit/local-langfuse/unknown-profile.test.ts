import { expect, it } from 'vitest';
import { type ProfileName, startLocalLangfuse } from '../../support/local-langfuse/index.js';
import { PROFILE_NAMES } from '../../support/local-langfuse/profiles.js';

function listeners(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'TCPServerWrap').length;
}

it.each(['v5', 'V4-DUAL', '', 'constructor', '__proto__'])(
  'refuses the profile "%s", and listens nowhere',
  async (name) => {
    const before = listeners();
    await expect(startLocalLangfuse({ profile: name as ProfileName })).rejects.toThrow(
      new TypeError(`profile must be one of ${PROFILE_NAMES.join(', ')}, got "${name}"`),
    );
    expect(listeners()).toBe(before);
  },
);

it('is seen to listen for a profile that it knows', async () => {
  const before = listeners();
  const langfuse = await startLocalLangfuse({ profile: 'v4-dual' });
  expect(listeners()).toBe(before + 1);
  await langfuse.close();
});
