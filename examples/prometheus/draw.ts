export interface Point {
  readonly atS: number;
  readonly value: number;
}

export interface Chart {
  readonly title: string;
  readonly lines: readonly { readonly name: string; readonly points: readonly Point[] }[];
  /** Of the axis; without it, what fits. */
  readonly max?: number;
  /** Values with a line across. */
  readonly marks?: readonly number[];
}

export interface Time {
  /** Of the whole picture, for those who cannot see it. */
  readonly title: string;
  readonly endS: number;
  readonly shaded: { readonly fromS: number; readonly untilS: number };
}

const WIDTH = 900;
const HEIGHT = 110;
const GAP = 46;
const LEFT = 56;
const RIGHT = 16;
const TOP = 40;
const COLOURS = ['#3b6fb6', '#2c8c4b', '#c2571a'] as const;

/** Charts below each other, over one time axis, as an SVG document. */
export function drawCharts(charts: readonly Chart[], time: Time): string {
  const height = TOP + charts.length * (HEIGHT + GAP) + 10;
  const x = (s: number): number => round(LEFT + (s / time.endS) * (WIDTH - LEFT - RIGHT));
  const body = charts.map((chart, n) => drawChart(chart, TOP + n * (HEIGHT + GAP), x, time)).join('\n');
  const { fromS, untilS } = time.shaded;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
<title>${time.title}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<rect x="${x(fromS)}" y="22" width="${round(x(untilS) - x(fromS))}" height="${height - 40}" fill="#f6e3e1"/>
<text x="${x(fromS) + 4}" y="18" fill="#a33a2f">Langfuse answers 500</text>
${body}
</svg>
`;
}

function drawChart(
  { title, lines, max, marks = [] }: Chart,
  top: number,
  x: (s: number) => number,
  time: Time,
): string {
  const highest = max ?? niceAbove(Math.max(0, ...lines.flatMap(({ points }) => points.map(({ value }) => value))));
  const y = (value: number): number => round(top + HEIGHT - (Math.min(value, highest) / highest) * HEIGHT);
  const label = (value: number): string =>
    `<text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end" fill="#555">${value}</text>`;
  const across = (value: number, colour: string): string =>
    `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}" stroke="${colour}"/>`;
  const seconds = Array.from({ length: time.endS / 10 + 1 }, (_, n) => n * 10);
  return [
    `<text x="${LEFT}" y="${top - 8}" fill="#222" font-weight="bold">${title}</text>`,
    across(0, '#999'),
    across(highest, '#e4e4e4'),
    ...marks.map((mark) => across(mark, '#d9a441') + label(mark)),
    label(0) + label(highest),
    ...seconds.map((s) => `<text x="${x(s)}" y="${top + HEIGHT + 15}" text-anchor="middle" fill="#777">${s} s</text>`),
    ...lines.map(({ name, points }, n) => {
      const path = points.map(({ atS, value }) => `${x(atS)},${y(value)}`).join(' ');
      const colour = COLOURS[n % COLOURS.length];
      const legend = `<text x="${WIDTH - RIGHT - 90 * (lines.length - n - 1)}" y="${top - 8}" text-anchor="end" fill="${colour}">${name}</text>`;
      return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.6"/>${legend}`;
    }),
  ].join('\n');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 3, 5, 10].map((step) => step * power).find((nice) => nice >= value) ?? 10 * power;
}
