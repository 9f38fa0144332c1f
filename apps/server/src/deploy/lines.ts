/** A word for a shell: inside single quotes nothing means anything. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

/** Makes a folder of its own for what is sent. */
export const MAKE_FOLDER = 'umask 077; mktemp -d /var/tmp/warder-deploy-XXXXXXXX'

/** Whether a folder is one that this made: nothing else is ever taken away. */
export const isFolder = (folder: string): boolean => /^\/var\/tmp\/warder-deploy-\w+$/.test(folder)

const APT =
  'DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q -y -o DPkg::Lock::Timeout=5 -o Dpkg::Options::=--force-confold -o APT::Sandbox::User=root'

/** Takes the lock of apt for a moment; fails where another program holds it. */
export const TAKE_LOCK = `${APT} check`

/** What has begun goes on to its end although the connection is cut: half a package would be harm. */
const toItsEnd = (line: string): string =>
  `trap '' HUP PIPE; log=$(mktemp); { ${line}; } >"$log" 2>&1; code=$?; cat "$log"; rm -f "$log"; exit $code`

/** Installs a package on a host that has none of ours. */
export const installLine = (file: string): string =>
  toItsEnd(`${APT} install --no-install-recommends ${quoted(file)}`)

/** Removes the agent with all that is its own. */
export const PURGE = toItsEnd(`${APT} purge warder-agent`)

/** The same for one that was never whole: apt would leave the mark that it is wanted. */
export const PURGE_AGAIN = toItsEnd(
  'DEBIAN_FRONTEND=noninteractive LC_ALL=C dpkg --force-remove-reinstreq --purge warder-agent',
)

/**
 * Keeps what is needed to go back: the package that is there, packed again from its own files, and agent.toml. Settings
 * that the operator has changed are left out of the package: dpkg then leaves them where they are, and goes on knowing
 * that they are not its own.
 */
export const saveLine = (folder: string): string =>
  [
    `set -e; cd ${quoted(folder)}; rm -rf keep old.deb; mkdir -p keep/DEBIAN`,
    ': >settings; : >unchanged',
    `dpkg-query -W -f='\${Conffiles}\\n' warder-agent | while read -r f sum rest; do if [ -z "$f" ]; then continue; fi; ` +
      `if [ -z "$rest" ] && [ "$(md5sum "$f" 2>/dev/null | cut -d ' ' -f 1)" = "$sum" ]; then echo "$f" >>unchanged; else echo "$f" >>settings; fi; done`,
    'if [ -s unchanged ]; then cp unchanged keep/DEBIAN/conffiles; fi',
    `find /etc/warder -name '*.dpkg-dist' >dist`,
    `dpkg-query -L warder-agent | grep -vxFf settings | while read -r f; do if [ -e "$f" ] || [ -L "$f" ]; then printf '.%s\\n' "$f"; fi; done >files`,
    'tar -C / --no-recursion -cf - -T files | tar -C keep -xpf -',
    `dpkg-query -s warder-agent | awk '/^Conffiles:/ { skip = 1; next } /^[^ ]/ { skip = 0 } skip || /^(Status|Config-Version):/ { next } { print }' >keep/DEBIAN/control`,
    'for part in preinst postinst prerm postrm triggers; do if [ -e /var/lib/dpkg/info/warder-agent.$part ]; then cp -p /var/lib/dpkg/info/warder-agent.$part keep/DEBIAN/$part; fi; done',
    'chmod 755 keep keep/DEBIAN; dpkg-deb --root-owner-group -Znone --build keep old.deb; rm -rf keep',
    'if [ -e /etc/warder/agent.toml ]; then cp -p /etc/warder/agent.toml agent.toml; fi',
    'touch saved',
  ].join('; ')

/**
 * Puts a package in the place of the one that is there. The agent rests meanwhile, so that what it knows can be copied;
 * its bans stay in the kernel.
 */
export const replaceLine = (file: string, folder: string): string =>
  toItsEnd(
    `systemctl stop warder-agent; rm -rf ${quoted(`${folder}/state`)}; cp -a /var/lib/warder-agent ${quoted(`${folder}/state`)}; ` +
      `${APT} install --no-install-recommends ${quoted(file)}; code=$?; if [ $code != 0 ]; then systemctl start warder-agent; fi; (exit $code)`,
  )

/** Puts back what was kept: the package, and agent.toml. The agent is started again, or this fails. */
export const backLine = (folder: string): string =>
  toItsEnd(
    `cd ${quoted(folder)} && LC_ALL=C dpkg --force-confold --force-downgrade -i old.deb && { find /etc/warder -name '*.dpkg-dist' | grep -vxFf dist | xargs -r rm -f; } && ${TOML_BACK} && systemctl restart warder-agent`,
  )

const TOML_BACK =
  'if [ -e agent.toml ]; then cp -p agent.toml /etc/warder/agent.toml; else rm -f /etc/warder/agent.toml; fi'

/** Puts back agent.toml alone, where the package stayed the same. */
export const settingsBackLine = (folder: string): string =>
  toItsEnd(`cd ${quoted(folder)} && ${TOML_BACK} && systemctl restart warder-agent`)

/** Puts back what the agent knew: a later version may have brought it to a form that the former one does not read. */
export const stateBackLine = (folder: string): string =>
  toItsEnd(
    `systemctl stop warder-agent; rm -rf /var/lib/warder-agent && cp -a ${quoted(`${folder}/state`)} /var/lib/warder-agent && systemctl restart warder-agent`,
  )
