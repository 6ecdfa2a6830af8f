import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { RecordedAnswer, RecordedBody, RecordedRequest } from './recording.js';

/** The keys of the recorded servers: ids and answers refer to them. */
export const KEYS = { publicKey: 'pk-lf-real', secretKey: 'sk-lf-real' };

const basic = (publicKey: string, secretKey: string): string =>
  `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`;

const AUTHORIZATIONS: Readonly<Record<string, string>> = {
  basic: basic(KEYS.publicKey, KEYS.secretKey),
  'lower-case': basic(KEYS.publicKey, KEYS.secretKey).replace('Basic', 'basic'),
  'wrong-secret': basic(KEYS.publicKey, 'sk-lf-wrong'),
  'wrong-public': basic('pk-lf-wrong', KEYS.secretKey),
  bearer: `Bearer ${KEYS.publicKey}`,
  'bearer-secret': `Bearer ${KEYS.secretKey}`,
};

/** Sends a recorded request over a connection of its own, and gives the answer in the form of the recordings. */
export async function send(baseUrl: string, recorded: RecordedRequest): Promise<RecordedAnswer> {
  const bytes = recorded.body ? bytesOf(recorded.body) : undefined;
  const authorization = AUTHORIZATIONS[recorded.auth];
  const given = Object.entries(recorded.headers).flatMap(([key, value]) => (value === null ? [] : [[key, value]]));
  const headers: Record<string, string> = {
    ...Object.fromEntries(given),
    ...(authorization ? { authorization } : {}),
    ...(bytes ? { 'content-length': String(bytes.length) } : {}),
  };
  return new Promise((resolve, reject) => {
    const url = new URL(baseUrl);
    const { method, path } = recorded;
    const outgoing = request(
      { host: url.hostname, port: url.port, method, path, headers, agent: false },
      (incoming) => {
        buffer(incoming).then((body) => {
          const { location, 'content-type': contentType } = incoming.headers;
          resolve({
            ...(incoming.statusCode === undefined ? {} : { status: incoming.statusCode }),
            ...(contentType === undefined ? {} : { contentType }),
            ...(location === undefined ? {} : { location }),
            body: parsed(body.toString('utf8')),
          });
        }, reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}

function parsed(text: string): unknown {
  if (/^\s*<!doctype html/i.test(text)) return '<html>';
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function bytesOf(body: RecordedBody): Buffer {
  let text = body.text ?? JSON.stringify(body.json);
  if (body.grow) text = text.replace(OUTPUT, (found) => found.replace('""', `"${'o'.repeat(body.grow ?? 0)}"`));
  if (body.pad) text += ' '.repeat(body.pad - Buffer.byteLength(text));
  return body.gzip ? gzipSync(text) : Buffer.from(text);
}

const OUTPUT = /"langfuse\.observation\.output","value":\{"stringValue":""/;
