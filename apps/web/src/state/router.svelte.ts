import { fromUrl } from '../prefix.ts'
import { pathOf } from '../path.ts'
import { routeOf, type Route } from '../routes.ts'

/** Where the operator is. The URL is the truth; links are plain links. */
export class Router {
  route = $state.raw<Route>(here())

  /** Starts to follow the browser's history and clicks on links; gives back what stops it. */
  start(): () => void {
    const onPop = (): void => {
      this.route = here()
    }
    const onClick = (click: MouseEvent): void => this.#follow(click)
    window.addEventListener('popstate', onPop)
    document.addEventListener('click', onClick)
    return () => {
      window.removeEventListener('popstate', onPop)
      document.removeEventListener('click', onClick)
    }
  }

  /** Goes to a place. `replace` leaves no step in the history, for filters that are typed. */
  go(route: Route, how: 'push' | 'replace' = 'push'): void {
    const path = pathOf(route)
    // Another page, not another filter of the same one.
    const moved = new URL(path, location.href).pathname !== location.pathname
    if (path !== location.pathname + location.search) {
      if (how === 'replace') history.replaceState(null, '', path)
      else history.pushState(null, '', path)
    }
    this.route = route
    if (moved) window.scrollTo(0, 0)
  }

  #follow(click: MouseEvent): void {
    if (
      click.defaultPrevented ||
      click.button !== 0 ||
      click.metaKey ||
      click.ctrlKey ||
      click.shiftKey ||
      click.altKey
    )
      return
    const link = click.target instanceof Element ? click.target.closest('a') : null
    if (
      link === null ||
      link.target !== '' ||
      link.origin !== location.origin ||
      link.hasAttribute('download')
    )
      return
    if (link.hash !== '' && link.pathname === location.pathname) return
    click.preventDefault()
    this.go(routeOf(fromUrl(link.pathname), link.search))
  }
}

const here = (): Route => routeOf(fromUrl(location.pathname), location.search)
