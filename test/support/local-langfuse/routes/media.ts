import { createHash } from 'node:crypto';
import { z } from 'zod';
import { accessOf } from '../auth.js';
import { type Answer, json } from '../http/answer.js';
import type { LocalRequest } from '../http/exchange.js';
import { parseBody } from '../ingestion/next-body.js';
import type { Context } from './context.js';
import { MEDIA_TYPES } from './media-types.js';

export const UPLOAD_PATH = '/local-media-upload/';

const creation = z.object({
  traceId: z.string(),
  observationId: z.string().nullish(),
  field: z.enum(['input', 'output', 'metadata']),
  contentType: z.enum(MEDIA_TYPES),
  contentLength: z.int().positive(),
  sha256Hash: z.string().regex(/^[A-Za-z0-9+/=]{44}$/, 'Must be a 44 character base64 encoded SHA-256 hash'),
});

const report = z.object({
  uploadedAt: z.iso.datetime({ offset: true }),
  uploadHttpStatus: z.int(),
  uploadHttpError: z.string().nullish(),
  uploadTimeMs: z.number().nullish(),
});

/** Step 1 of an upload: announce the file, get a URL for it, or none when the server has it already. */
export function createMedia(request: LocalRequest, { profile, keys, media }: Context): Answer {
  const body = authorisedBody(request, keys, 'POST');
  if (body.kind === 'answer') return body.answer;
  const parsed = creation.safeParse(body.value);
  if (!parsed.success) return json(400, { message: 'Invalid request data', error: parsed.error.issues });
  if (!profile.hasMediaStorage) {
    const message = 'Media upload to blob storage not enabled or no bucket configured';
    return json(500, { message, error: 'InternalServerError' });
  }
  const { traceId, observationId, field, contentType, contentLength, sha256Hash } = parsed.data;
  const mediaId = sha256Hash.replaceAll('+', '-').replaceAll('/', '_').slice(0, 22);
  media.link(
    { mediaId, contentType, contentLength, sha256Hash },
    { traceId, observationId: observationId ?? null, field },
  );
  const isStored = media.get(mediaId)?.report?.status === 200;
  return json(201, {
    mediaId,
    uploadUrl: isStored ? null : `${request.origin}${UPLOAD_PATH}${mediaId}?signature=local`,
  });
}

/** Step 2, at the object store: what was signed has to match what comes. */
export function uploadMedia(request: LocalRequest, { media }: Context): Answer {
  const mediaId = request.path.slice(UPLOAD_PATH.length);
  const medium = media.get(mediaId);
  if (request.method !== 'PUT' || !medium) return storeError(403, 'AccessDenied');
  const { headers, body } = request;
  if (headers['content-type'] !== medium.contentType) return storeError(403, 'SignatureDoesNotMatch');
  if (body.length !== medium.contentLength) return storeError(403, 'SignatureDoesNotMatch');
  const hash = createHash('sha256').update(body).digest('base64');
  const declared = headers['x-amz-checksum-sha256'];
  if (hash !== medium.sha256Hash || (declared !== undefined && declared !== hash)) return storeError(400, 'BadDigest');
  media.upload(mediaId, body);
  return { status: 200, body: '' };
}

/** Step 3: the client says how it went; only an exact 200 makes the file known. */
export function reportMedia(request: LocalRequest, { keys, media }: Context): Answer {
  const body = authorisedBody(request, keys, 'PATCH');
  if (body.kind === 'answer') return body.answer;
  const mediaId = request.path.slice('/api/public/media/'.length);
  const parsed = report.safeParse(body.value);
  if (!parsed.success) return json(400, { message: 'Invalid request data', error: parsed.error.issues });
  if (!media.get(mediaId)) return json(404, { message: 'Media asset not found', error: 'LangfuseNotFoundError' });
  media.report(mediaId, { status: parsed.data.uploadHttpStatus, error: parsed.data.uploadHttpError ?? null });
  return json(200, { message: 'Media asset updated' });
}

type Body = ReturnType<typeof parseBody>;

function authorisedBody(request: LocalRequest, keys: Context['keys'], method: string): Body {
  const parsed = parseBody(request);
  if (parsed.kind === 'answer') return parsed;
  if (request.method !== method) return { kind: 'answer', answer: json(405, { message: 'Method not allowed' }) };
  const access = accessOf(request.headers, keys);
  return access.access === 'none' ? { kind: 'answer', answer: json(401, { message: access.message }) } : parsed;
}

function storeError(status: number, code: string): Answer {
  return { status, contentType: 'application/xml', body: `<?xml version="1.0"?><Error><Code>${code}</Code></Error>` };
}
