# Boot a LAN switch: bridges without addresses.
set -eu
echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
ip -batch /run/twin/bridges
ip -batch /run/twin/addresses
