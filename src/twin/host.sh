# Boot a host: static addresses only; and a web server where one is wanted.
set -eu
echo 1 > /proc/sys/net/ipv6/conf/all/keep_addr_on_down # a cable that is cut and mended takes no address with it
for interface in $(ls /sys/class/net | grep -v '^lo$'); do
    echo 0 > "/proc/sys/net/ipv6/conf/$interface/accept_ra"
    ethtool -K "$interface" tx off > /dev/null # Open vSwitch's userspace datapath passes unfinished checksums on
done
ip -batch /run/twin/addresses
if [ -d /run/twin/www ]; then
    setsid python3 -m http.server 80 --bind :: --directory /run/twin/www < /dev/null > /dev/null 2>> /run/twin/www.log &
fi
