import { Settlements } from '../delivery/settlement.js';
import { Tries } from '../delivery/tries.js';
import { Batcher } from '../intake/batcher.js';
import { type DefaultFilter, SpanFilter } from '../intake/span-filter.js';
import { type QueuedSpan, SpanQueue } from '../intake/span-queue.js';
import type { NodeRow } from '../intake/span-tree.js';
import { CounterBook } from '../ledger/counters.js';
import { LedgerBook } from '../ledger/ledger.js';
import type { Meters } from '../ledger/meters.js';
import type { Config, Credentials } from '../options/config.js';
import type { NotedRow } from '../otel/propagation.js';
import { ResourceWait } from '../otel/resource-wait.js';
import type { Clock } from '../ports.js';
import { Records } from '../preparation/records.js';
import { CircuitLog } from '../runtime/circuit-log.js';
import { systemClock } from '../runtime/clock.js';
import { ErrorReporter } from '../runtime/error-reporter.js';
import { SideTable } from '../runtime/side-table.js';
import type { Store } from '../store.js';
import { assembleDelivery, type Delivery } from './delivery.js';
import { assembleIntake, type Intake } from './intake.js';
import { assembleMeters, deliveryWatch } from './meters.js';
import { openStore } from './open-store.js';
import { recordIntervalMs } from './record-interval.js';

/** Memory is so full that what waits is better brought to disk (`delivery: 'spill'`). */
const PRESSED_AT = 0.6;

/**
 * All there is between a span and a server, constructed and connected: the only place that does. Parts that need each
 * other get a function that is asked later, when all of them are there.
 */
export class PipelineParts {
  readonly config: Config;
  readonly clock: Clock = systemClock();
  readonly filter: SpanFilter;
  readonly queue: SpanQueue = new SpanQueue();
  readonly ledger: LedgerBook;
  readonly reporter: ErrorReporter;
  readonly store: Store;
  readonly settlements: Settlements;
  readonly meters: Meters;
  readonly delivery: Delivery;
  readonly records: Records;
  readonly intake: Intake;
  readonly batcher: Batcher;
  readonly #table = new SideTable<NodeRow & NotedRow>(() => ({ node: undefined, noted: undefined }));
  readonly #counters = new CounterBook();
  readonly #resourceWait = new ResourceWait(this.clock);

  constructor(config: Config, credentials: Credentials, defaultFilter: DefaultFilter) {
    // A bare exporter, whose default is to take everything, gets them in batches, and has no queue to tell of.
    const isOneByOne = defaultFilter === 'llm-spans';
    this.config = config;
    this.filter = new SpanFilter(config.filter, defaultFilter, this.#table);
    this.reporter = new ErrorReporter(config.logger, this.clock, config.destination.baseUrl, config.onError);
    this.ledger = new LedgerBook(() => this.#holdings());
    this.store = this.#openStore(credentials);
    this.settlements = new Settlements(this.ledger, this.#counters, this.reporter, this.store.rejected);
    this.meters = this.#assembleMeters(isOneByOne);
    this.delivery = this.#assembleDelivery(credentials, isOneByOne);
    this.records = this.#makeRecords();
    this.intake = this.#assembleIntake();
    this.batcher = this.#makeBatcher();
  }

  /** Spans that are not records yet. */
  get unprepared(): number {
    return this.queue.length + this.records.preparation.length;
  }

  #holdings() {
    const { queued, spooled } = this.store.holdings();
    return { queued: this.unprepared + queued, inFlight: this.store.spool.leased, spooled };
  }

  #openStore(credentials: Credentials): Store {
    const { ledger, reporter, clock } = this;
    return openStore(this.config, credentials, {
      ledger,
      reporter,
      clock,
      newTries: () => new Tries(),
      isPressed: () => this.delivery.breaker.state !== 'closed' || this.intake.room.utilization >= PRESSED_AT,
      slots: () => this.delivery.pacing.limit,
      onAvailable: () => this.delivery.loop.hurry(),
    });
  }

  #assembleMeters(isOneByOne: boolean): Meters {
    const { ledger, queue, store, clock } = this;
    return assembleMeters(this.config, isOneByOne, {
      ledger,
      queue,
      store,
      clock,
      intake: () => this.intake,
      delivery: () => this.delivery,
    });
  }

  #assembleDelivery(credentials: Credentials, isOneByOne: boolean): Delivery {
    const { config, clock, reporter, store, settlements, meters } = this;
    const circuitLog = new CircuitLog(config.logger, config.onCircuitChange);
    return assembleDelivery(config, credentials, {
      spool: store.spool,
      held: () => store.inMemory.waiting + store.inMemory.leased,
      isOneByOne,
      settlements,
      counters: this.#counters,
      reporter,
      clock,
      watch: deliveryWatch(meters),
      measured: (exchange) => meters.timed.request(exchange),
      onCircuitChange: (status) => {
        circuitLog.changed(status);
        meters.circuitChanged(status);
        store.pressureChanged();
        this.delivery.loop.circuitChanged();
        this.records.content.uploads?.kick();
      },
    });
  }

  #makeRecords(): Records {
    const { config, filter, queue, store, delivery, ledger, reporter, clock } = this;
    return new Records(config, {
      store,
      delivery,
      ledger,
      counters: this.#counters,
      reporter,
      clock,
      table: this.#table,
      parentOf: (span) => filter.parentOf(span),
      madeLater: () => {
        if (this.unprepared === 0 || store.spool.waiting >= this.#batchSpans()) delivery.loop.kick();
      },
      requeue: (queued) => {
        queue.push(queued);
        this.batcher.notify();
      },
    });
  }

  #assembleIntake(): Intake {
    const { config, filter, queue, records, store, ledger, reporter, clock } = this;
    const isDiskFirst = config.persistence?.delivery === 'at-least-once';
    return assembleIntake(config, {
      keeps: (span) => filter.keeps(span),
      forget: (span) => records.forget(span),
      queue,
      behind: records.preparation,
      sheddable: store.sheddable,
      ledger,
      reporter,
      clock,
      diskUtilization: () => (isDiskFirst ? store.diskUtilization() : undefined),
    });
  }

  #makeBatcher(): Batcher {
    const { config, queue, records, delivery, meters, clock } = this;
    const options = { batchSpans: () => this.#batchSpans(), intervalMs: recordIntervalMs(config) };
    const work = {
      prepare: (next: QueuedSpan) => this.#preparable(next),
      process: (next: QueuedSpan) => records.preparation.process(next),
      batchDone: () => {
        // A meter provider may be registered later than we began.
        meters.begin();
        delivery.loop.kick();
      },
    };
    return new Batcher(queue, options, work, clock);
  }

  #batchSpans(): number {
    const { batchSize, server } = this.delivery;
    return this.config.batch.immediate ? 1 : batchSize.next(server.protocol ?? 'ingestion', 0);
  }

  /** What has to be waited for before the next span can be taken. */
  #preparable({ span }: QueuedSpan): Promise<void> | undefined {
    const detected = (): Promise<void> | undefined => this.#resourceWait.for(span.resource);
    const room = this.records.preparation.room();
    return room === undefined ? detected() : room.then(detected);
  }
}
