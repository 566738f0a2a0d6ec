# What is lost when a router loses its power, but for its processes, which are dead already. /run/.kernel is kernel.sh.
set -eu
wires=$(ip -o link show type veth | cut -d ' ' -f 2 | cut -d @ -f 1 | xargs)
for link in $(ls /sys/class/net); do
    case " lo $wires " in *" $link "*) ;; *) ip link delete "$link" ;; esac # what software made
done
nft flush ruleset
for family in -4 -6; do
    ip "$family" rule flush
    ip "$family" rule add pref 32766 lookup main protocol kernel
done
ip rule add pref 32767 lookup default protocol kernel
unshare --net sh -c '. /run/.kernel; sysctl --all --pattern ^net' 2> /dev/null | grep -v '\.lo\.' > /run/.fresh

# A wire that leaves the namespace leaves its addresses, routes, neighbours, queues and settings behind. It comes back after
# the settings were reset, because it then starts with the default ones and follows them.
unshare --net sleep 60 > /dev/null 2>&1 &
aside=$!
while [ "$(readlink /proc/$aside/ns/net)" = "$(readlink /proc/1/ns/net)" ]; do sleep 0.01; done
for wire in $wires; do ip link set dev "$wire" netns "$aside"; done
ip link set lo down
ip address flush dev lo
ip -4 route flush table all || true # exits 2 when there is none
ip -6 route flush table all || true
for round in 1 2 3; do # some settings set others
    sysctl --all --pattern ^net 2> /dev/null | grep -Fvx -f - /run/.fresh | sysctl --quiet --load - > /dev/null 2>&1 || true
done
for wire in $wires; do nsenter --target "$aside" --net ip link set dev "$wire" netns 1; done
kill "$aside"
. /run/.kernel

umount /usr/local /var /etc
umount /run/.layer
if mountpoint -q /proc/sys/kernel/random/boot_id; then umount /proc/sys/kernel/random/boot_id; fi
find /run -mindepth 1 -maxdepth 1 ! -name .layer ! -name .disk -exec rm -rf {} +
find /tmp -mindepth 1 -delete
