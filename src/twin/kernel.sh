# How the kernel of a node starts: the machine's settings must not show through, and addresses must be usable at once.
echo 0 > /proc/sys/net/ipv4/ip_forward
for scope in all default; do
    echo 0 > "/proc/sys/net/ipv4/conf/$scope/rp_filter"
    echo 0 > "/proc/sys/net/ipv6/conf/$scope/disable_ipv6"
    echo 0 > "/proc/sys/net/ipv6/conf/$scope/accept_dad"
done
ip link set lo up
