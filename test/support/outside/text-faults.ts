import { type FoundText, type Reading, readJson } from './json-reader.js';

/** Facts about servers, as measured: deeper JSON is answered with 500, or cannot be read back. */
const DEEPEST = 100;
/** More texts within texts than this never came from an accident. */
const MOST_LAYERS = 12;

/** The request as its bytes say, or what is wrong with them. */
export function readBytes(body: Uint8Array): { readonly reading?: Reading; readonly faults: readonly string[] } {
  try {
    const reading = readJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
    return { reading, faults: faultsOf(reading, 'request', 0) };
  } catch (error) {
    return { faults: [`request: ${error}`] };
  }
}

function faultsOf(reading: Reading, where: string, layer: number): string[] {
  return [
    ...(reading.depth > DEEPEST ? [`${where}: nested ${reading.depth} deep`] : []),
    ...reading.texts.flatMap((found) => textFaults(found, where, layer)),
  ];
}

/** Of a text, and of all that a server would find by taking it for JSON. */
function textFaults({ text, isKey }: FoundText, where: string, layer: number): string[] {
  const here = `${where} > ${isKey ? 'key' : 'text'} ${JSON.stringify(text.slice(0, 60))}`;
  return [
    ...(/\p{Surrogate}/u.test(text) ? [`${here}: half a character`] : []),
    ...(text.includes('\0') ? [`${here}: U+0000`] : []),
    ...(layer < MOST_LAYERS ? innerFaults(text, here, layer + 1) : []),
  ];
}

function innerFaults(text: string, where: string, layer: number): string[] {
  if (!/["[{]/.test(text.slice(0, 64).trimStart()[0] ?? '')) return [];
  try {
    return faultsOf(readJson(text), where, layer);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
