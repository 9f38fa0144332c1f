import type { HardeningFinding } from '@warder/protocol'
import type { FindingId } from './judge.ts'

type About = Pick<HardeningFinding, 'title' | 'severity' | 'fix' | 'byHand' | 'undo'>

const dropInByHand = (name: string, lines: string): string[] => [
  'mkdir -p /etc/systemd/journald.conf.d',
  `printf '[Journal]\\n${lines}' > /etc/systemd/journald.conf.d/${name}.conf`,
  'systemctl restart systemd-journald',
]
const dropInUndone = (more = ''): string =>
  `The drop-in is removed and journald restarted; your own files were not touched.${more}`

/** What is told of each finding whatever was read. */
export const ABOUT: Readonly<Record<FindingId, About>> = {
  'journald-level': {
    title: 'Level of what the journal stores',
    severity: 'high',
    fix: 'A drop-in for journald sets the level to info where it is lower, and journald is restarted, which loses no line.',
    byHand: dropInByHand('zz-level', 'MaxLevelStore=info\\nMaxLevelSyslog=info\\n'),
    undo: dropInUndone(),
  },
  'journald-rate': {
    title: 'Rate limit of the journal',
    severity: 'medium',
    fix: 'A drop-in for journald sets the limit that systemd has by itself, and journald is restarted, which loses no line.',
    byHand: dropInByHand('zz-rate', 'RateLimitIntervalSec=30s\\nRateLimitBurst=10000\\n'),
    undo: dropInUndone(),
  },
  'journald-storage': {
    title: 'Storage of the journal',
    severity: 'medium',
    fix: 'A drop-in for journald keeps the journal on the disk, and journald is restarted, which loses no line.',
    byHand: [...dropInByHand('zz-storage', 'Storage=persistent\\n'), 'journalctl --flush'],
    undo: dropInUndone(
      ' If /var/log/journal was not there before, it goes too, with the lines in it: save them first if you need them.',
    ),
  },
  'sshd-tries': {
    title: 'Tries in one ssh connection',
    severity: 'low',
    fix: 'MaxAuthTries 3 is set in a drop-in of sshd, or in front of its configuration where that reads no drop-ins; sshd tests it and is reloaded, never restarted.',
    byHand: [
      "printf 'MaxAuthTries 3\\n' > /etc/ssh/sshd_config.d/00-tries.conf",
      '/usr/sbin/sshd -t && systemctl reload ssh',
    ],
    undo: 'What was written is taken out again, so that the value of before counts, and sshd is reloaded.',
  },
  'sshd-root-password': {
    title: 'Login of root with a password',
    severity: 'medium',
    fix: null,
    byHand: [
      '# first make sure that a key of yours logs in; nodes of a Proxmox cluster need root with keys',
      "printf 'PermitRootLogin prohibit-password\\n' > /etc/ssh/sshd_config.d/00-root.conf",
      '/usr/sbin/sshd -t && systemctl reload ssh',
    ],
    undo: null,
  },
  'debian-repository': {
    title: 'Packages of Debian',
    severity: 'medium',
    fix: null,
    byHand: [
      '. /etc/os-release; printf "Types: deb\\nURIs: http://deb.debian.org/debian\\nSuites: $VERSION_CODENAME\\nComponents: main\\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\\n" > /etc/apt/sources.list.d/debian.sources',
      'apt update',
    ],
    undo: null,
  },
  clock: {
    title: 'Clock',
    severity: 'medium',
    fix: null,
    byHand: ['apt install chrony', 'timedatectl set-ntp true'],
    undo: null,
  },
  'pve-firewall': {
    title: 'Firewall of Proxmox',
    severity: 'low',
    fix: null,
    byHand: [
      '# first allow your own address at Datacenter, Firewall, then switch it on there or by:',
      'pvesh set /cluster/firewall/options --enable 1',
    ],
    undo: null,
  },
  fail2ban: {
    title: 'fail2ban',
    severity: 'medium',
    fix: null,
    byHand: ['warder import-fail2ban --dry-run', 'warder import-fail2ban --stop'],
    undo: null,
  },
}
