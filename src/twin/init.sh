# First process of a node: init.sh --twin=DIR NAME disk|memory, in fresh namespaces. It makes the node's file system, prints
# its process number as the machine sees it, and then only collects orphans. Everything it mounts dies with the node.
set -eu
code=${0%/*} name=$2 kind=$3
read -r pid _ < /proc/self/stat # still the machine's /proc
mount -t proc proc /proc
mount -t sysfs sysfs /sys
hostname "$name"

mount -t tmpfs -o mode=755 tmpfs /run
set -- "$kind"
. "$code/layers.sh"
. "$code/kernel.sh"
for dir in /home /root /tmp; do # last: the clone may lie there
    mount -t tmpfs -o "mode=$(stat -c %a "$dir")" tmpfs "$dir"
done
if [ -S /dev/log ]; then mount --bind /dev/null /dev/log; fi # the machine's own syslog

echo "$pid"
exec > /dev/null
sleep infinity &
wait
