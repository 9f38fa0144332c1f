#!/usr/bin/env bash
# Gives the calling process a /run, /var/log and /dev/log of its own with a real systemd-journald behind them, and
# keeps journald running until it is ended. To be run in a private mount namespace; says READY when one can log.
set -euo pipefail
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/systemd/journal /run/log/journal /run/sshd /run/lock
mount -t tmpfs -o mode=755 tmpfs /var/log
dev=$(mktemp -d /run/dev.XXXX)
mount -t tmpfs -o mode=755 tmpfs "$dev"
for node in null zero full random urandom tty; do
  touch "$dev/$node"
  mount --bind "/dev/$node" "$dev/$node"
done
mkdir "$dev/pts" "$dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$dev/pts"
mount -t tmpfs tmpfs "$dev/shm"
ln -s pts/ptmx "$dev/ptmx"
ln -s /proc/self/fd "$dev/fd"
ln -s fd/0 "$dev/stdin"
ln -s fd/1 "$dev/stdout"
ln -s fd/2 "$dev/stderr"
ln -s /run/systemd/journal/dev-log "$dev/log"
mount --move "$dev" /dev
/lib/systemd/systemd-journald &
journald=$!
trap 'kill $journald 2>/dev/null; wait $journald 2>/dev/null; exit 0' TERM INT
until [ -S /run/systemd/journal/socket ]; do sleep 0.02; done
echo READY
wait $journald
