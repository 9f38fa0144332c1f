import type { BanView } from '@warder/protocol/api'
import { fromUrl } from '../prefix.ts'
import type { Act } from '../omnibox/choice.ts'
import { routeOf } from '../routes.ts'
import type { Dashboard } from '../state/dashboard.svelte.ts'
import { t } from '../language/t.ts'

/** What acting needs: where, the bans that are known of the address, and what opens the help. */
export interface Means {
  readonly dashboard: Dashboard
  readonly standing: readonly BanView[]
  readonly onhelp: () => void
}

/** Does what was chosen in the omnibox. @throws ApiError when the server refuses a ban or the sign-out */
export async function act(wanted: Act, { dashboard, standing, onhelp }: Means): Promise<void> {
  const { lifts, router, session, theme } = dashboard
  switch (wanted.kind) {
    case 'go': {
      const { pathname, search } = new URL(wanted.path, location.origin)
      return router.go(routeOf(fromUrl(pathname), search))
    }
    case 'unban':
      return lifts.unban(standing.filter(({ ip }) => ip === wanted.ip))
    case 'ban':
      return lifts.ban({ ip: wanted.ip, bantime: wanted.bantime })
    case 'allow':
      return lifts.allow(wanted.ip, t('From the search'))
    case 'theme':
      return theme.set(wanted.choice)
    case 'help':
      return onhelp()
    case 'sign-out':
      return session.signOut()
  }
}
