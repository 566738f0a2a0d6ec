# First process of a node: init.sh --twin=DIR NAME, in fresh namespaces. It makes the node's file system, prints its process
# number as the machine sees it, and then only collects orphans. Everything it mounts dies with the node.
set -eu
read -r pid _ < /proc/self/stat # still the machine's /proc
mount -t proc proc /proc
mount -t sysfs sysfs /sys
hostname "$2"

mount -t tmpfs -o mode=755 tmpfs /run
for dir in /etc /var /usr/local; do
    layer=/run/.layer$dir
    mkdir -p "$layer/upper" "$layer/work"
    mount -t overlay -o "lowerdir=$dir,upperdir=$layer/upper,workdir=$layer/work" overlay "$dir"
done
for dir in /home /root /tmp; do
    mount -t tmpfs -o "mode=$(stat -c %a "$dir")" tmpfs "$dir"
done
mkdir -p /run/twin /run/lock
if [ -S /dev/log ]; then mount --bind /dev/null /dev/log; fi # the machine's own syslog

# The machine's settings must not show through; addresses must be usable at once.
echo 0 > /proc/sys/net/ipv4/ip_forward
for scope in all default; do
    echo 0 > "/proc/sys/net/ipv4/conf/$scope/rp_filter"
    echo 0 > "/proc/sys/net/ipv6/conf/$scope/disable_ipv6"
    echo 0 > "/proc/sys/net/ipv6/conf/$scope/accept_dad"
done
ip link set lo up

echo "$pid"
exec > /dev/null
sleep infinity &
wait
