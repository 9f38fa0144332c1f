import { describe, expect, it } from 'vitest'
import { readCommand } from './arguments.ts'

const NO_FLAGS = { config: undefined, port: undefined, host: undefined, dataDir: undefined }

describe('the command line', () => {
  it.each([
    [[], { kind: 'help' }],
    [['-h'], { kind: 'help' }],
    [['run', '--help'], { kind: 'help' }],
    [['run'], { kind: 'run', flags: NO_FLAGS }],
    [
      ['run', '--port', '1', '--host', '::1', '--data-dir=/x'],
      { kind: 'run', flags: { ...NO_FLAGS, port: '1', host: '::1', dataDir: '/x' } },
    ],
    [
      ['--config', '/c.toml', 'claim-code'],
      { kind: 'claim-code', flags: { ...NO_FLAGS, config: '/c.toml' } },
    ],
    [['join-code'], { kind: 'join-code', minutes: 15, flags: NO_FLAGS }],
    [['join-code', '--minutes', '1440'], { kind: 'join-code', minutes: 1_440, flags: NO_FLAGS }],
    [['new-password', '--operator', 'ada'], { kind: 'new-password', operator: 'ada', flags: NO_FLAGS }],
    [['status'], { kind: 'status', flags: NO_FLAGS }],
    [['backup'], { kind: 'backup', flags: NO_FLAGS, folder: null }],
    [['backup', '/mnt/b'], { kind: 'backup', flags: NO_FLAGS, folder: '/mnt/b' }],
    [['verify', '/mnt/b/x'], { kind: 'verify', flags: NO_FLAGS, folder: '/mnt/b/x' }],
    [['restore', '/mnt/b/x'], { kind: 'restore', flags: NO_FLAGS, folder: '/mnt/b/x' }],
    [['restore', '--empty'], { kind: 'restore', flags: NO_FLAGS, folder: null }],
    [['check-port', '--port', '80'], { kind: 'check-port', flags: { ...NO_FLAGS, port: '80' } }],
    [['set-port'], { kind: 'set-port', wanted: null, flags: NO_FLAGS }],
    [['set-port', '8010'], { kind: 'set-port', wanted: 8_010, flags: NO_FLAGS }],
    [['accounts'], { kind: 'accounts', flags: NO_FLAGS }],
    [['remove-totp', '--operator', 'ada'], { kind: 'remove-totp', operator: 'ada', flags: NO_FLAGS }],
    [['invite', '--operator', 'ada'], { kind: 'invite', operator: 'ada', role: null, flags: NO_FLAGS }],
    [
      ['invite', '--operator', 'bob', '--role', 'viewer'],
      { kind: 'invite', operator: 'bob', role: 'viewer', flags: NO_FLAGS },
    ],
  ])('%j is understood', (args, command) => expect(readCommand(args)).toEqual(command))

  it.each([
    [['dance'], 'There is no command "dance".'],
    [['run', 'fast'], '"fast" is too much: one command at a time.'],
    [['set-port', '0'], 'set-port takes a number from 1 to 65535, or nothing.'],
    [['set-port', '70000'], 'set-port takes a number from 1 to 65535, or nothing.'],
    [['set-port', '1', '2'], '"1 2" is too much: one command at a time.'],
    [['verify'], 'verify needs the folder of a backup, or a data folder.'],
    [['restore'], 'restore needs the folder of a backup, or --empty.'],
    [['restore', '/x', '--empty'], 'restore needs the folder of a backup, or --empty.'],
    [['new-password'], 'new-password needs --operator NAME.'],
    [['invite'], 'invite needs --operator NAME.'],
    [['invite', '--operator', 'x', '--role', 'root'], '--role takes viewer, operator, admin.'],
    [['--port', '1'], 'A command is missing.'],
    [['join-code', '--minutes', '0'], '--minutes takes a number from 1 to 1440.'],
    [['join-code', '--minutes', '1441'], '--minutes takes a number from 1 to 1440.'],
    [['join-code', '--minutes', '5m'], '--minutes takes a number from 1 to 1440.'],
  ])('%j is not: %s', (args, problem) => expect(readCommand(args)).toEqual({ kind: 'wrong', problem }))

  it.each([[['run', '--colour']], [['run', '--port']]])('%j is not, in the words of the reader', (args) => {
    expect(readCommand(args).kind).toBe('wrong')
  })
})
