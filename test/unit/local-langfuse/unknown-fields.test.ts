import { expect, it } from 'vitest';
import { type RecordedCase, type Recording, readRecording } from './replay/recording.js';
import { replay } from './replay/replay.js';

const { server, cases } = readRecording('v4.16.0-dual');
/** One that needs no other case to have been sent. */
const read = cases.find(
  ({ exchanges, read: back = {} }) =>
    exchanges.some(({ request }) => request.method === 'POST') &&
    Object.values(back).length === 1 &&
    Object.values(back).every(({ trace, observations }) => trace.status === 200 && observations.status === 200),
);

/** The recording of one case, as a newer server or recorder might have written it. */
function newer(change: (recorded: RecordedCase) => object, more: object = {}): Recording {
  if (read === undefined) throw new Error('no case of the recording was read back');
  return { server: { ...server, ...more }, cases: [change(structuredClone(read)) as RecordedCase] };
}

async function differences(recording: Recording): Promise<string[]> {
  return [...(await replay(recording, 'v4-dual')).values()].flat();
}

const withAnswer =
  (more: object) =>
  (recorded: RecordedCase): object => ({
    ...recorded,
    exchanges: recorded.exchanges.map(({ request, response }) => ({ request, response: { ...response, ...more } })),
  });

const withRead =
  (change: (answer: { readonly body?: unknown }, reading: string) => object) =>
  (recorded: RecordedCase): object => ({
    ...recorded,
    read: Object.fromEntries(
      Object.entries(recorded.read ?? {}).map(([id, back]) => [
        id,
        Object.fromEntries(Object.entries(back).map(([reading, answer]) => [reading, change(answer, reading)])),
      ]),
    ),
  });

it('finds nothing in a case as it is', async () => {
  expect(await differences(newer((recorded) => recorded))).toEqual([]);
});

it('names what it does not know of the recording as a whole', async () => {
  expect(await differences(newer((recorded) => recorded, { region: 'EU' }))).toEqual([
    'recording: unknown field region',
  ]);
});

it('names what it does not know of a case', async () => {
  const found = await differences(newer((recorded) => ({ ...recorded, labels: ['x'], exchanges: recorded.exchanges })));
  expect(found).toEqual(['case: unknown field labels']);
});

it('names what it does not know of an answer', async () => {
  const found = await differences(newer(withAnswer({ trailers: { a: null } })));
  expect(new Set(found)).toEqual(new Set(['answer: unknown field trailers']));
});

it('names a field of an answer that the stand-in does not give', async () => {
  const found = await differences(newer(withAnswer({ body: { receipt: 7 } })));
  expect(new Set(found)).toEqual(new Set(['receipt: 7 became nothing']));
});

it('names what it does not know of what was read back', async () => {
  const found = await differences(
    newer(
      withRead((answer, reading) => {
        const { data, ...body } = answer.body as { readonly data?: readonly object[] };
        if (reading === 'trace') return { ...answer, body: { ...body, mood: 'good' } };
        return data === undefined
          ? answer
          : { ...answer, body: { ...body, data: data.map((one) => ({ ...one, hue: 1 })) } };
      }),
    ),
  );
  expect(new Set(found)).toEqual(new Set(['trace: unknown field mood', 'observation: unknown field hue']));
});
