#!/bin/sh
# Turns the mount namespace that it runs in into a machine on which Warder was installed: what is written below these folders is
# forgotten with it. To be run where test/lab/journal.sh has made /run.
#   machine.sh CHECKOUT NODE
set -e
# Never on the machine itself.
test "$(readlink /proc/self/ns/mnt)" != "$(readlink /proc/1/ns/mnt)"
checkout=$1 node=$2
for folder in etc var/lib usr/lib usr/local mnt; do
	mkdir -p "/run/machine/$folder/upper" "/run/machine/$folder/work"
	mount -t overlay overlay -o "lowerdir=/$folder,upperdir=/run/machine/$folder/upper,workdir=/run/machine/$folder/work" "/$folder"
done
rm -rf /etc/warder /etc/fail2ban /var/lib/fail2ban
mkdir -p /etc/warder/filter.d /etc/warder/jail.d /etc/pve /etc/fail2ban/filter.d /etc/fail2ban/action.d /var/lib/fail2ban /run/machine/work
echo '127.0.0.1 localhost' >/etc/hosts
hostname pve1
ssh-keygen -A >/dev/null
# The scripts of the packages, over what is packed.
for program in agent server; do
	mkdir -p "/usr/lib/warder-$program"
	ln -s "$node" "/usr/lib/warder-$program/node"
	ln -s "$checkout/apps/$program/dist/"* "/usr/lib/warder-$program/"
done
install -m 755 "$checkout/packaging/files/warder.sh" /usr/local/bin/warder
# That of the server changes to a user who may not be able to read the checkout.
printf '#!/bin/sh\nexec /usr/lib/warder-server/node /usr/lib/warder-server/server.js "$@"\n' >/usr/local/bin/warder-server
chmod 755 /usr/local/bin/warder-server
