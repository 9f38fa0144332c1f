import { readFileSync } from 'node:fs'
import { inRoot } from './root.ts'

/** What the unit of the agent tells V8: what is started here, tested and measured runs as the service does. */
export function unitFlags(): readonly string[] {
  const unit = readFileSync(inRoot('packaging', 'systemd', 'warder-agent.service'), 'utf8')
  const flags = /^ExecStart=\S+ ((?:--\S+ )+)/m.exec(unit)?.[1]?.trim().split(' ')
  if (flags === undefined) throw new Error('the unit of the agent names no flags')
  return flags
}
