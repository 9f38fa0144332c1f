import type { CDPSession, Page } from 'playwright-core'

/** A slice of a trace of Chromium: `dur` is time of the clock, `tdur` of the processor, in microseconds. */
interface Slice {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly dur?: number
  readonly tdur?: number
  readonly args: { readonly name?: string }
}

/** The longest piece of work of the page's main thread, in milliseconds: a frame has to wait until it is done. */
export interface LongestWork {
  /** Time of the processor: the same however busy the machine is with other things. */
  readonly processor: number
  readonly clock: number
}

/** Does something on a page and tells the longest piece of work that its main thread had meanwhile. */
export async function longestWork(page: Page, doing: () => Promise<void>): Promise<LongestWork> {
  const devtools = await page.context().newCDPSession(page)
  const slices: Slice[] = []
  devtools.on('Tracing.dataCollected', ({ value }) => slices.push(...(value as unknown as Slice[])))
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline'] },
  })
  try {
    await doing()
  } finally {
    await ended(devtools)
    await devtools.detach()
  }
  const main = new Set(
    slices
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const work = slices.filter(
    ({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && main.has(`${pid} ${tid}`),
  )
  if (work.length === 0) throw new Error('the trace of the browser holds no work of the page')
  return {
    processor: Math.max(...work.map(({ tdur = 0 }) => tdur)) / 1_000,
    clock: Math.max(...work.map(({ dur = 0 }) => dur)) / 1_000,
  }
}

async function ended(devtools: CDPSession): Promise<void> {
  const complete = new Promise<unknown>((resolve) => devtools.once('Tracing.tracingComplete', resolve))
  await devtools.send('Tracing.end')
  await complete
}
