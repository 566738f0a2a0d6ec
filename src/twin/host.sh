# Boot a host: static addresses only; and stand-ins of services where some are answered.
set -eu
echo 1 > /proc/sys/net/ipv6/conf/all/keep_addr_on_down # a cable that is cut and mended takes no address with it
for interface in $(ls /sys/class/net | grep -v '^lo$'); do
    echo 0 > "/proc/sys/net/ipv6/conf/$interface/accept_ra"
    ethtool -K "$interface" tx off > /dev/null # Open vSwitch's userspace datapath passes unfinished checksums on
done
ip -batch /run/twin/addresses
if [ -e /run/twin/ranges ]; then
    nft -f /run/twin/ranges
fi
if [ -e /run/twin/listeners ]; then
    setsid python3 -ISs /run/twin/responder.py "$(hostname)" /run/twin/listeners < /dev/null &
fi
if [ -x /usr/local/sbin/napalm-frr-agent ]; then # a conference device runs here, too
    if [ -e /etc/kamailio/tls.key ]; then chown kamailio: /etc/kamailio/tls.key; fi
    install -d /run/sshd
    /usr/local/sbin/napalm-frr-agent boot
    /usr/sbin/sshd -E /var/log/sshd.log
fi
