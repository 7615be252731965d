import { Group, Text } from '@mantine/core'
import type { CSSProperties } from 'react'
import { figure } from '../../lib/times.ts'

export interface Series {
  readonly label: string
  readonly tone: 'good' | 'wait' | 'bad' | 'quiet' | 'ink'
}

export interface ChartPoint {
  readonly label: string
  /** What stands below its column. */
  readonly short: string
  /** One for each of the series. */
  readonly values: readonly number[]
}

const HEIGHT = 120
const WIDTH = 1000
/** Labels below the columns. */
const MOST_LABELS = 7

/** Columns over time, the series on top of each other. A picture only: a table next to it says the same. */
export function Columns({
  title,
  series,
  points,
}: {
  readonly title: string
  readonly series: readonly Series[]
  readonly points: readonly ChartPoint[]
}) {
  const top = roundTop(Math.max(1, ...points.map(({ values }) => sum(values))))
  const step = WIDTH / points.length
  const gap = Math.min(step * 0.2, 6)
  const every = Math.ceil(points.length / MOST_LABELS)
  const sums = series.map((one, at) => `${one.label} ${figure(sum(points.map(({ values }) => values[at]!)))}`)
  return (
    <figure className="chart">
      <Group component="figcaption" justify="space-between" gap="xs" mb={6}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Group gap="sm">
          {series.map(({ label, tone }) => (
            <Group key={label} gap={6} wrap="nowrap">
              <span className="chart-swatch" data-tone={tone} />
              <Text size="xs" c="dimmed">
                {label}
              </Text>
            </Group>
          ))}
        </Group>
      </Group>
      <div className="chart-plot">
        <Text size="xs" c="dimmed" className="figures chart-top" aria-hidden>
          {figure(top)}
        </Text>
        <svg
          role="img"
          aria-label={`${title}: ${sums.join(', ')}. The table below has the same, line by line.`}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          height={HEIGHT}
          width="100%"
        >
          {[0, 0.5].map(share => (
            <line key={share} x1={0} x2={WIDTH} y1={HEIGHT * share + 0.5} y2={HEIGHT * share + 0.5} />
          ))}
          <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
          {points.map(({ label, values }, at) => (
            <g key={label}>
              {values.map((value, of) => {
                const below = sum(values.slice(0, of))
                const height = (value / top) * HEIGHT
                return (
                  value > 0 && (
                    <rect
                      key={series[of]!.label}
                      data-tone={series[of]!.tone}
                      x={at * step + gap / 2}
                      width={step - gap}
                      // Something is never drawn as nothing.
                      y={HEIGHT - (below / top) * HEIGHT - Math.max(height, 1)}
                      height={Math.max(height, 1)}
                    />
                  )
                )
              })}
              <rect x={at * step} width={step} y={0} height={HEIGHT} fill="transparent" data-tone="none">
                <title>
                  {`${label}\n${series.map((one, of) => `${one.label}: ${figure(values[of]!)}`).join('\n')}`}
                </title>
              </rect>
            </g>
          ))}
        </svg>
      </div>
      <div className="chart-labels" aria-hidden>
        {points.map(
          ({ label, short }, at) =>
            at % every === 0 && (
              <Text key={label} span size="xs" c="dimmed" style={placeOf(at, points.length)}>
                {short}
              </Text>
            ),
        )}
      </div>
    </figure>
  )
}

/** A share of the most there is, as a bar that stands in a cell next to its number. */
export function CellBar({
  value,
  most,
  tone = 'ink',
}: {
  readonly value: number
  readonly most: number
  readonly tone?: Series['tone']
}) {
  const share = most > 0 ? value / most : 0
  return (
    <svg className="cell-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden>
      <rect data-tone="track" x={0} y={0} width={100} height={8} rx={2} />
      {value > 0 && <rect data-tone={tone} x={0} y={0} width={Math.max(share * 100, 1)} height={8} rx={2} />}
    </svg>
  )
}

/** Below its column; the outer ones stay inside of the chart. */
function placeOf(at: number, of: number): CSSProperties {
  const middle = ((at + 0.5) / of) * 100
  if (middle < 6) return { left: 0, transform: 'none' }
  if (middle > 94) return { right: 0, transform: 'none' }
  return { left: `${middle}%` }
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}

/** The next of 1, 2 and 5 times a power of ten. */
function roundTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 5, 10].map(times => times * power).find(top => top >= value)!
}
