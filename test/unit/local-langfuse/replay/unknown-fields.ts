import { OBSERVATION_FIELDS, TRACE_FIELDS } from './compare.js';
import type { ReadBack, RecordedCase, Recording } from './recording.js';

/*
 * A recording of a newer server, or by a newer recorder, may hold fields that nothing here compares. They are told as
 * differences, or a replay would seem to cover what it does not look at.
 */
const SERVER = 'profile health started settleSeconds';
const CASE = 'name exchanges read';
const EXCHANGE = 'request response';
const REQUEST = 'method path headers auth body waitMs';
const REQUEST_BODY = 'json text gzip pad grow';
const ANSWER = 'status contentType body location';
const READ_BACK = 'trace observations v2observations';
const LIST = 'data meta';
/** Known, and not compared: what the server counts, prices or links itself. */
const TRACE_OF_SERVER = 'id bookmarked externalId scores observations totalCost';
const OBSERVATION_OF_SERVER =
  'id promptId latency timeToFirstToken usagePricingTierId usagePricingTierName modelId inputPrice outputPrice totalPrice ' +
  'calculatedInputCost calculatedOutputCost calculatedTotalCost unit promptTokens completionTokens totalTokens ' +
  'internalModelId inputUsage outputUsage totalUsage inputCost outputCost totalCost bookmarked';

export function unknownInServer({ server }: Recording): string[] {
  return unknown('recording', server, SERVER);
}

export function unknownInCase(recorded: RecordedCase): string[] {
  return [
    ...unknown('case', recorded, CASE),
    ...recorded.exchanges.flatMap((exchange) => [
      ...unknown('exchange', exchange, EXCHANGE),
      ...unknown('request', exchange.request, REQUEST),
      ...unknown('request body', exchange.request.body, REQUEST_BODY),
      ...unknown('answer', exchange.response, ANSWER),
    ]),
    ...Object.values(recorded.read ?? {}).flatMap(unknownInReadBack),
  ];
}

function unknownInReadBack(real: ReadBack): string[] {
  const lists = [real.observations, real.v2observations].filter(({ status }) => status === 200);
  return [
    ...unknown('read', real, READ_BACK),
    ...Object.entries(real).flatMap(([reading, answer]) => unknown(reading, answer, ANSWER)),
    ...(real.trace.status === 200 ? unknown('trace', real.trace.body, `${TRACE_FIELDS} ${TRACE_OF_SERVER}`) : []),
    ...lists.flatMap(({ body }) => [
      ...unknown('list', body, LIST),
      ...observationsIn(body).flatMap((one) =>
        unknown('observation', one, `${OBSERVATION_FIELDS} ${OBSERVATION_OF_SERVER}`),
      ),
    ]),
  ];
}

function observationsIn(body: unknown): readonly unknown[] {
  const { data } = (body ?? {}) as { readonly data?: unknown };
  return Array.isArray(data) ? data : [];
}

function unknown(where: string, value: unknown, known: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const names = known.split(' ');
  return Object.keys(value)
    .filter((name) => !names.includes(name))
    .map((name) => `${where}: unknown field ${name}`);
}
