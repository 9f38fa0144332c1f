import type { EpochMs } from '@warder/core'
import type { RuleWish } from '@warder/protocol/api'
import { fromText, toText } from './document.ts'
import type { Db } from './open.ts'
import type { Group } from '../notifications/collapse.ts'
import type { Rule } from '../notifications/match.ts'
import type { GroupKey, RuleStore } from '../notifications/rule-store.ts'

/** Rules, what they have collected so far, and the troubles that are known. */
export function ruleStore(db: Db): RuleStore {
  const all = db.prepare<[], { id: number; document: string }>(
    'SELECT id, document FROM notification_rules ORDER BY id',
  )
  const add = db.prepare<[string]>('INSERT INTO notification_rules (document) VALUES (?)')
  const change = db.prepare<[string, number]>('UPDATE notification_rules SET document = ? WHERE id = ?')
  const remove = db.prepare<[number]>('DELETE FROM notification_rules WHERE id = ?')
  const groups = db.prepare<[], GroupKey & { body: string }>(
    'SELECT rule_id AS ruleId, channel_id AS channelId, family, body FROM notice_groups',
  )
  const keep = db.prepare<[number, number, string, string]>(
    'INSERT OR REPLACE INTO notice_groups (rule_id, channel_id, family, body) VALUES (?, ?, ?, ?)',
  )
  const forget = db.prepare<[number, number, string]>(
    'DELETE FROM notice_groups WHERE rule_id = ? AND channel_id = ? AND family = ?',
  )
  const troubles = db.prepare<[], { key: string; at: EpochMs }>('SELECT key, at FROM troubles')
  const begin = db.prepare<[string, EpochMs]>('INSERT OR IGNORE INTO troubles (key, at) VALUES (?, ?)')
  const end = db.prepare<[string]>('DELETE FROM troubles WHERE key = ?')
  return {
    all: (): readonly Rule[] =>
      all.all().map(({ id, document }) => ({ id, ...fromText<RuleWish>(document) })),
    add: (rule: RuleWish): number => Number(add.run(toText(rule)).lastInsertRowid),
    change: ({ id, ...rule }: Rule) => void change.run(toText(rule), id),
    remove: (id: number) => void remove.run(id),
    groups: (): readonly (GroupKey & { readonly group: Group })[] =>
      groups.all().map(({ body, ...key }) => ({ ...key, group: fromText<Group>(body) })),
    keepGroup: ({ ruleId, channelId, family }: GroupKey, group: Group | null) =>
      void (group === null
        ? forget.run(ruleId, channelId, family)
        : keep.run(ruleId, channelId, family, toText(group))),
    troubles: (): ReadonlyMap<string, EpochMs> => new Map(troubles.all().map(({ key, at }) => [key, at])),
    beginTrouble: (key: string, at: EpochMs) => void begin.run(key, at),
    endTrouble: (key: string) => void end.run(key),
  }
}
