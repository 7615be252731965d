import { readdirSync, readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { rounded } from './numbers.ts'

/** In a script: what it was started with. */
export function inputOf<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T
}

/** In a script: says what it has found. */
export function answer(found: object): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!process.send) return reject(new Error('This script is started by the benchmarks: npm run bench'))
    process.send(found, error => (error ? reject(error) : resolve()))
  })
}

const MB = 1024 * 1024

/** Memory and processor time of a process, where the system tells; of this one everywhere. */
export interface Usage {
  readonly rssMB: number
  /** The most since its start. */
  readonly peakMB: number
  readonly cpuSeconds: number
  readonly handles: number
}

export function usageOf(pid = process.pid): Usage {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    // Fields 14 and 15 behind the name, which may hold spaces: processor time in hundredths of a second.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return {
      rssMB: rounded(kilobytes('VmRSS') / 1024),
      peakMB: rounded(kilobytes('VmHWM') / 1024),
      cpuSeconds: (Number(stat[11]) + Number(stat[12])) / 100,
      handles: readdirSync(`/proc/${pid}/fd`).length,
    }
  } catch (error) {
    if (pid !== process.pid) throw error
    const { user, system } = process.cpuUsage()
    return {
      rssMB: rounded(process.memoryUsage.rss() / MB),
      peakMB: rounded(process.resourceUsage().maxRSS / 1024),
      cpuSeconds: (user + system) / 1e6,
      handles: 0,
    }
  }
}

export interface LoopDelay {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Watches how late the main thread of this process gets to what is due, in ms. */
export function watchLoop(): { read(): LoopDelay; reset(): void; stop(): void } {
  const RESOLUTION = 1
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION })
  histogram.enable()
  // The time between two looks is what is counted; what was asked for is no delay.
  const late = (ns: number) => rounded(Math.max(0, ns / 1e6 - RESOLUTION))
  return {
    read: () => ({
      p50: late(histogram.percentile(50)),
      p99: late(histogram.percentile(99)),
      max: late(histogram.max),
    }),
    reset: () => histogram.reset(),
    stop: () => void histogram.disable(),
  }
}
