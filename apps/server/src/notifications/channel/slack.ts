import { bySeverity, cut, json, whole, type Call, type Means, type Occasion } from './call.ts'

type Slack = Means<unknown, { readonly url: string }>

/** The three that begin links and mentions. */
const literal = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** An incoming webhook, also those of Mattermost and Rocket.Chat that take the same form. */
export function slackCall({ secrets }: Slack, { notification }: Occasion): Call {
  const mark = bySeverity(notification.severity, {
    info: '',
    warning: ':warning: ',
    critical: ':rotating_light: ',
  })
  const body = {
    text: cut(`${mark}${literal(whole(notification))}`, 3_500),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
  }
  return { method: 'POST', url: secrets.url, ...json(body) }
}
