/** What the service counts, in the Prometheus text format 0.0.4. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/** Upper bounds of the duration histogram, seconds. */
const BUCKETS = [0.005, 0.025, 0.1, 0.5, 2, 10, 60];

interface Series {
  count: number;
  sumSeconds: number;
  readonly buckets: number[];
}

/** A value asked for when the page is read. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  /** Label text such as `status="running"`, or '' -> value. */
  values(): Readonly<Record<string, number>>;
}

const escapeLabel = (text: string): string => text.replace(/[\\"\n]/g, '_');

export class RequestMetrics {
  readonly #series = new Map<string, Series>();

  observe(method: string, route: string, status: number, seconds: number): void {
    const labels = `method="${method}",route="${escapeLabel(route)}",status="${status}"`;
    const series = this.#series.get(labels) ?? { count: 0, sumSeconds: 0, buckets: BUCKETS.map(() => 0) };
    this.#series.set(labels, series);
    series.count++;
    series.sumSeconds += seconds;
    BUCKETS.forEach((bound, i) => void (seconds <= bound && series.buckets[i]!++));
  }

  expose(): string[] {
    const lines = ['# HELP relievo_http_request_seconds Time from the request to the end of the answer.', '# TYPE relievo_http_request_seconds histogram'];
    for (const [labels, series] of this.#series) {
      BUCKETS.forEach((bound, i) => void lines.push(`relievo_http_request_seconds_bucket{${labels},le="${bound}"} ${series.buckets[i]}`));
      lines.push(`relievo_http_request_seconds_bucket{${labels},le="+Inf"} ${series.count}`, `relievo_http_request_seconds_sum{${labels}} ${series.sumSeconds.toFixed(6)}`, `relievo_http_request_seconds_count{${labels}} ${series.count}`);
    }
    return lines;
  }
}

function exposeGauge({ name, help, values }: Gauge): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...Object.entries(values()).map(([labels, value]) => `${name}${labels ? `{${labels}}` : ''} ${value}`)];
}

export interface MetricsOptions {
  readonly version: string;
  readonly gauges: readonly Gauge[];
}

export const metricsPlugin = fp(async (app: FastifyInstance, { version, gauges }: MetricsOptions) => {
  const requests = new RequestMetrics();
  app.addHook('onResponse', async (request, reply) => {
    requests.observe(request.method, request.is404 ? '(none)' : (request.routeOptions.url ?? '(none)'), reply.statusCode, reply.elapsedTime / 1000);
  });
  const own: Gauge[] = [
    { name: 'relievo_build_info', help: 'The running version.', values: () => ({ [`version="${version}",node="${process.versions.node}"`]: 1 }) },
    { name: 'process_resident_memory_bytes', help: 'Resident memory.', values: () => ({ '': process.memoryUsage.rss() }) },
    { name: 'process_uptime_seconds', help: 'Seconds since the start.', values: () => ({ '': Math.round(process.uptime()) }) },
  ];
  app.get('/metrics', { schema: { hide: true }, logLevel: 'warn' }, async (_, reply) => {
    reply.type('text/plain; version=0.0.4; charset=utf-8');
    return [...[...own, ...gauges].flatMap(exposeGauge), ...requests.expose()].join('\n') + '\n';
  });
}, { name: 'relievo-metrics' });
