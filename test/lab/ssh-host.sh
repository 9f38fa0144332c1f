#!/bin/sh
# A host of its own: a copy of this machine's files that forgets all that is written to it, and a real sshd on loopback.
#   ssh-host.sh FOLDER PORT     runs until it is ended; all of it is gone then
set -e
folder=$1 port=$2 root=$1/root
mount -t tmpfs -o size=700m tmpfs "$folder"
mkdir "$folder/upper" "$folder/work" "$root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" "$root"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/var/tmp"
# What programs of the checkout need, also where that lies on a file system of its own. Nothing is written there.
mkdir -p "$root$LAB_CHECKOUT"
mount --bind "$LAB_CHECKOUT" "$root$LAB_CHECKOUT"
mount -o remount,ro,bind "$root$LAB_CHECKOUT"
mkdir -p "$root/run/sshd" "$root/run/lab" "$root/run/systemd/system"
# What could be had from elsewhere is not asked for, and takes apt long to read.
rm -rf "$root/var/lib/apt/lists" "$root/var/cache/apt"
mkdir -p "$root/var/lib/apt/lists/partial" "$root/var/cache/apt/archives/partial"
# Nothing was booted here: what units are told is noted, and handed to the package where it knows what to do.
cat >"$root/usr/local/sbin/systemctl" <<'UNITS'
#!/bin/sh
echo "$*" >>/run/lab/units
[ ! -x /usr/lib/warder-agent/unit ] || exec /usr/lib/warder-agent/unit "$1"
test "$1" != restart || test ! -e /run/lab/does-not-start
UNITS
chmod 755 "$root/usr/local/sbin/systemctl"
ssh-keygen -q -t ed25519 -N '' -f "$root/run/lab/hostkey"
chroot "$root" useradd -m -s /bin/sh plain
chroot "$root" useradd -m -s /bin/sh -G sudo able
printf '%s\n' "root:$LAB_PASSWORD" "plain:$LAB_PASSWORD" "able:$LAB_PASSWORD" | chroot "$root" chpasswd
exec chroot "$root" /usr/sbin/sshd -D -e -f /dev/null -p "$port" -h /run/lab/hostkey -o ListenAddress=127.0.0.1 \
	-o UsePAM=no -o PermitRootLogin=yes -o AuthorizedKeysFile=/run/lab/keys -o StrictModes=no -o MaxStartups=100 \
	-o PidFile=none -o 'Subsystem=sftp internal-sftp'
