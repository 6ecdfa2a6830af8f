import { type Answer, json } from './answer.js';
import { asString, type JsonObject } from './json.js';
import { EMBEDDING_DIMENSIONS, EMBEDDING_TOKENS_PER_TEXT } from './truth.js';

/** `POST /v1/embeddings` */
export function answerEmbeddings(request: JsonObject): Answer {
  const input = request['input'];
  const texts: readonly unknown[] = Array.isArray(input) ? input : [input];
  const tokens = texts.length * EMBEDDING_TOKENS_PER_TEXT;
  const isBase64 = request['encoding_format'] === 'base64';
  return json({
    object: 'list',
    model: asString(request['model']),
    data: texts.map((text, index) => {
      const vector = toVector(asString(text));
      return { object: 'embedding', index, embedding: isBase64 ? toBase64(vector) : vector };
    }),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

/** Not meaning, but deterministic, exact in single precision, and different for texts of different length. */
function toVector(text: string): readonly number[] {
  return Array.from({ length: EMBEDDING_DIMENSIONS }, (_, dimension) => (text.length + dimension) / 1024);
}

/** The OpenAI client asks for base64 of little-endian floats unless told otherwise. */
function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * Float32Array.BYTES_PER_ELEMENT);
  vector.forEach((value, index) => {
    bytes.writeFloatLE(value, index * Float32Array.BYTES_PER_ELEMENT);
  });
  return bytes.toString('base64');
}
