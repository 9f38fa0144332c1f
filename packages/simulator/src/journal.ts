import { JOURNAL, type EpochMs, type LogLine } from '@warder/core'
import type { WorldLine } from './attempt.ts'
import { isoTime } from './iso-time.ts'

/** A line as a reader of the node's journal, or of the file it is in, hands it on; read at `readAt`. */
export function toLogLine(line: WorldLine, readAt: EpochMs): LogLine {
  const said = `${line.identifier}[${line.pid}]: ${line.message}`
  if (line.file !== null) return { source: line.file, text: `${isoTime(line.at)} ${said}`, readAt }
  return {
    source: JOURNAL,
    text: `${line.node} ${said}`,
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
  }
}
