import { place } from './place.ts'

/** Keeps a shown popover beside its anchor while the page scrolls or either changes; gives back what ends it. */
export function keepBeside(element: HTMLElement, anchor: HTMLElement, align: 'start' | 'end'): () => void {
  const put = (): void => {
    const { left, top } = place({
      anchor: anchor.getBoundingClientRect(),
      size: { width: element.offsetWidth, height: element.offsetHeight },
      screen: { width: document.documentElement.clientWidth, height: window.innerHeight },
      align,
    })
    element.style.left = `${Math.round(left)}px`
    element.style.top = `${Math.round(top)}px`
  }
  put()
  const off = new AbortController()
  window.addEventListener('resize', put, { signal: off.signal })
  window.addEventListener('scroll', put, { signal: off.signal, capture: true, passive: true })
  const sized = new ResizeObserver(put)
  sized.observe(element)
  return () => {
    off.abort()
    sized.disconnect()
  }
}

/** Gives the focus back to where it was, unless somebody has it already. */
export function giveBack(focus: Element | null): void {
  const { activeElement } = document
  if ((activeElement === null || activeElement === document.body) && focus instanceof HTMLElement)
    focus.focus()
}
