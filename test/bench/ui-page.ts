// What is run in the page itself, so that the browser's own clock counts and nothing on the way to it.

interface Element {
  readonly textContent: string | null
  readonly clientHeight: number
  readonly scrollHeight: number
  scrollTop: number
  querySelector(selector: string): Element | null
  dispatchEvent(event: object): boolean
}

interface PageWorld {
  readonly document: Element & { querySelectorAll(selector: string): ArrayLike<Element> }
  readonly location: { hash: string }
  readonly HTMLInputElement: { readonly prototype: object }
  readonly Event: new (type: string, init: object) => object
  requestAnimationFrame(next: (at: number) => void): void
}

/** Goes to a path of the pages from elsewhere, and returns the ms until an element with this text is drawn. */
export const GO = async ({
  path,
  selector,
  text,
}: {
  path: string
  selector: string
  text: string | null
}): Promise<number> => {
  const { document, location, requestAnimationFrame } = globalThis as unknown as PageWorld
  const picture = () => new Promise<number>(resolve => requestAnimationFrame(resolve))
  const stands = () =>
    Array.from(document.querySelectorAll(selector)).some(one => text === null || digits(one).includes(digits(text)))
  const digits = (of: Element | string) =>
    (typeof of === 'string' ? of : (of.textContent ?? '')).replace(/[\s()\-.]/g, '')
  const pass = async (hash: string, wanted: boolean): Promise<number> => {
    const began = performance.now()
    location.hash = hash
    while (stands() !== wanted) {
      if (performance.now() - began > 20_000)
        throw new Error(`${hash}: ${wanted ? 'no' : 'still'} ${selector} after 20 s`)
      await picture()
    }
    return performance.now() - began
  }
  await pass('#/account', false)
  return pass(`#${path}`, true)
}

/** Puts the last letter of this into a field; returns the ms until the first row of the table has every word of it. */
export const TYPE_LAST = async ({ selector, text }: { selector: string; text: string }): Promise<number> => {
  const { document, HTMLInputElement, Event, requestAnimationFrame } = globalThis as unknown as PageWorld
  const plain = (of: string) => of.toLowerCase().replace(/[\s()\-.]/g, '')
  const words = text.split(' ').map(plain)
  const field = document.querySelector(selector)!
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!
  const began = performance.now()
  set.call(field, text)
  field.dispatchEvent(new Event('input', { bubbles: true }))
  for (;;) {
    const rows = Array.from(document.querySelectorAll('.rows-row')).map(row => plain(row.textContent ?? ''))
    if (rows.length > 0 && rows.every(row => words.every(word => row.includes(word)))) return performance.now() - began
    if (performance.now() - began > 20_000) throw new Error(`No row has "${text}".`)
    await new Promise<number>(resolve => requestAnimationFrame(resolve))
  }
}

/** Scrolls a list by so many pixels for each picture that the browser draws, on and on. */
export const SCROLL = async ({
  selector,
  by,
  pictures,
}: {
  selector: string
  by: number
  pictures: number
}): Promise<{ gaps: number[]; empty: number }> => {
  const { document, requestAnimationFrame } = globalThis as unknown as PageWorld
  const scroller = document.querySelector(selector)!
  const picture = () => new Promise<number>(resolve => requestAnimationFrame(resolve))
  const gaps: number[] = []
  let empty = 0
  let last = await picture()
  while (gaps.length < pictures) {
    scroller.scrollTop += by
    const at = await picture()
    gaps.push(at - last)
    last = at
    if (scroller.querySelector('.rows-row .mantine-Skeleton-root')) empty += 1
  }
  return { gaps, empty }
}
