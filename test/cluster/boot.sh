#!/usr/bin/env bash
# Whole Debian systems, booted by systemd in containers, on a machine whose own PID 1 need not be systemd. Needs root and
# the packages systemd-container, mmdebstrap, iproute2, openssh-client.
#
#   boot.sh image SUITE               the system that nodes of a suite begin with, kept in WARDER_IMAGES
#   boot.sh net                       the network of the lab, in a namespace of its own (WARDER_NETNS)
#   boot.sh up NAME IP SUITE          boots a node and waits until it is up; all of it lies in WARDER_LAB
#   boot.sh exec NAME COMMAND...      runs a command inside a node
#   boot.sh root NAME                 where the root folder of a running node is seen
#   boot.sh down                      ends all nodes of the lab, and takes the lab away
set -euo pipefail
lab=$WARDER_LAB
netns=$WARDER_NETNS
images=$WARDER_IMAGES
net=10.77.0
packages=sudo,systemd,systemd-sysv,dbus,openssh-server,nftables,iproute2,ca-certificates,logrotate,init-system-helpers

die() {
	echo "boot: $*" >&2
	exit 1
}

image() {
	local suite=$1 root=$images/$1 mirror
	[ -e "$root.ready" ] && return 0
	mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
	mkdir -p "$images"
	rm -rf "$root"
	mmdebstrap --quiet --variant=minbase --include="$packages" "$suite" "$root" \
		"deb ${mirror:-http://deb.debian.org/debian} $suite main"
	: >"$root/etc/machine-id"
	rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/hostname" "$root/etc/resolv.conf"
	for unit in apt-daily.timer apt-daily-upgrade.timer systemd-resolved.service console-getty.service; do
		ln -sf /dev/null "$root/etc/systemd/system/$unit"
	done
	mkdir -p "$root/etc/systemd/journald.conf.d" "$root/etc/systemd/system/multi-user.target.wants"
	printf '[Journal]\nStorage=persistent\n' >"$root/etc/systemd/journald.conf.d/lab.conf"
	printf 'PermitRootLogin yes\nPasswordAuthentication yes\nMaxStartups 100\n' >"$root/etc/ssh/sshd_config.d/lab.conf"
	# Otherwise sshd itself turns away who guesses, and there is nothing to see for us.
	[ "$suite" = bookworm ] || printf 'PerSourcePenalties no\n' >>"$root/etc/ssh/sshd_config.d/lab.conf"
	cat >"$root/etc/systemd/system/lab-net.service" <<-'UNIT'
		[Unit]
		Description=address of the lab
		DefaultDependencies=no
		After=systemd-sysctl.service
		Before=network.target network-online.target
		Wants=network.target
		[Service]
		Type=oneshot
		RemainAfterExit=yes
		EnvironmentFile=/etc/lab-net.env
		ExecStart=/bin/sh -ec 'ip link set host0 up; ip addr add $LAB_IP/24 dev host0; ip route add default via $LAB_GATEWAY'
		[Install]
		WantedBy=multi-user.target
	UNIT
	ln -sf ../lab-net.service "$root/etc/systemd/system/multi-user.target.wants/lab-net.service"
	touch "$root.ready"
}

network() {
	ip netns add "$netns"
	ip -n "$netns" link set lo up
	ip -n "$netns" link add br0 type bridge
	ip -n "$netns" addr add "$net.1/24" dev br0
	ip -n "$netns" link set br0 up
	# Strangers come from afar: addresses of a node's own networks are never banned.
	for last in $(seq 1 40); do ip -n "$netns" addr add "198.18.7.$last/32" dev lo; done
}

leader() { # the node's own PID 1, seen from outside
	local outer inner
	outer=$(cat "$lab/$1/nspawn.pid" 2>/dev/null) || return 1
	for inner in $(cat "/proc/$outer/task/$outer/children" 2>/dev/null); do
		if [ "$(cat "/proc/$inner/comm" 2>/dev/null)" = systemd ]; then
			echo "$inner"
			return 0
		fi
	done
	return 1
}

execute() {
	local name=$1 pid
	shift
	pid=$(leader "$name") || die "$name is not running"
	exec nsenter -t "$pid" -m -u -i -n -p -C -r -w -- /usr/bin/env -i \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

up() {
	local name=$1 ip=$2 suite=$3 folder=$lab/$1 state=
	mkdir -p "$folder"/{upper/etc/ssh,work,root}
	echo "$name" >"$folder/upper/etc/hostname"
	printf '127.0.0.1 localhost\n%s %s\n' "$ip" "$name" >"$folder/upper/etc/hosts"
	printf 'LAB_IP=%s\nLAB_GATEWAY=%s.1\n' "$ip" "$net" >"$folder/upper/etc/lab-net.env"
	ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$folder/upper/etc/ssh/ssh_host_ed25519_key"
	# In a mount namespace of its own: the node's root over the image, and a tree of cgroup2 alone, since systemd 256 and
	# later refuse a machine that has version 1 as well.
	setsid unshare --mount --propagation private bash -ec '
		folder=$1 image=$2 name=$3 netns=$4
		mount -t overlay overlay -o "lowerdir=$image,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
		umount -R /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup
		mkdir -p "/sys/fs/cgroup/warder-$name"; echo $$ >"/sys/fs/cgroup/warder-$name/cgroup.procs"
		trap "kill -TERM \$(cat $folder/nspawn.pid) 2>/dev/null" TERM
		# With --keep-unit nspawn ends with 133 when the node reboots: it is begun again, as a machine would.
		rc=133
		while [ "$rc" = 133 ]; do
			nsenter --net="/run/netns/$netns" -- systemd-nspawn --quiet -D "$folder/root" --boot --machine="$name" \
				--register=no --keep-unit --link-journal=no --console=pipe --kill-signal=SIGRTMIN+3 \
				--resolv-conf=off --timezone=off --network-bridge=br0 --capability=CAP_NET_ADMIN &
			echo $! >"$folder/nspawn.pid"
			rc=0; wait $! || rc=$?
			while kill -0 "$(cat "$folder/nspawn.pid")" 2>/dev/null; do wait "$(cat "$folder/nspawn.pid")" && rc=0 || rc=$?; done
		done
	' _ "$folder" "$images/$suite" "$name" "$netns" </dev/null >"$folder/console.log" 2>&1 &
	echo $! >"$folder/supervisor.pid"
	for _ in $(seq 1 1200); do
		state=$( (execute "$name" systemctl is-system-running) 2>/dev/null) || true
		case $state in running | degraded) return 0 ;; esac
		kill -0 "$(cat "$folder/supervisor.pid")" 2>/dev/null || die "$name ended while it booted: $(cat "$folder/console.log")"
		sleep 0.1
	done
	die "$name did not come up in two minutes: $state $(cat "$folder/console.log")"
}

down() {
	local file folder pid name
	for file in "$lab"/*/supervisor.pid; do
		[ -e "$file" ] || continue
		kill -TERM "$(cat "$file")" 2>/dev/null || true
	done
	for file in "$lab"/*/supervisor.pid; do
		[ -e "$file" ] || continue
		folder=$(dirname "$file")
		name=$(basename "$folder")
		pid=$(cat "$file")
		for _ in $(seq 1 150); do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.1
		done
		kill -KILL "$(cat "$folder/nspawn.pid" 2>/dev/null)" "$pid" 2>/dev/null || true
		find "/sys/fs/cgroup/unified/warder-$name" "/sys/fs/cgroup/warder-$name" -depth -type d -exec rmdir {} + 2>/dev/null || true
	done
	ip netns del "$netns" 2>/dev/null || true
	rm -rf --one-file-system "$lab"
}

command=$1
shift
case $command in
image) image "$@" ;;
net) network ;;
up) up "$@" ;;
exec) execute "$@" ;;
root) echo "/proc/$(leader "$1")/root" ;;
down) down ;;
*) die "there is no command $command" ;;
esac
