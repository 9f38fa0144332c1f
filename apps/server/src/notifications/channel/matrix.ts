import { cut, json, whole, type Call, type Means, type Occasion } from './call.ts'

type Matrix = Means<{ readonly server: string; readonly room: string }, { readonly token: string }>

/** The client-server API; the same id for every try, so that the server shows a message once. */
export function matrixCall({ settings, secrets }: Matrix, { notification, id }: Occasion): Call {
  const room = encodeURIComponent(settings.room)
  const body = {
    msgtype: notification.severity === 'info' ? 'm.notice' : 'm.text',
    body: cut(whole(notification), 8_000),
  }
  return {
    method: 'PUT',
    url: `${settings.server}/_matrix/client/v3/rooms/${room}/send/m.room.message/${encodeURIComponent(id)}`,
    ...json(body, { authorization: `Bearer ${secrets.token}` }),
  }
}
