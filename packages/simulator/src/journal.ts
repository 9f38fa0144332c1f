import { JOURNAL, type EpochMs, type LogLine } from '@warder/core'
import type { WorldLine } from './attempt.ts'

/** A line as a reader of the node's journal hands it on, read at `readAt`. */
export const toLogLine = (line: WorldLine, readAt: EpochMs): LogLine => ({
  source: JOURNAL,
  text: `${line.node} ${line.identifier}[${line.pid}]: ${line.message}`,
  readAt,
  writtenAt: line.at,
  fields: {
    SYSLOG_IDENTIFIER: line.identifier,
    PRIORITY: String(line.priority),
    _UID: String(line.uid),
    _PID: String(line.pid),
    _COMM: line.comm,
    _SYSTEMD_UNIT: line.unit,
    _HOSTNAME: line.node,
    _TRANSPORT: 'syslog',
  },
})
