# Boot a provider's PE: routing, and address translation towards the Internet, which knows no way back to the sites.
set -eu
echo 1 > /proc/sys/net/ipv6/conf/all/keep_addr_on_down # a cable that is cut and mended takes no address with it
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
nft -f - << 'RULES'
table inet outside {
    chain translate {
        type nat hook postrouting priority srcnat;
        oifname "internet" masquerade
    }
}
RULES
ip -batch /run/twin/links
tc -batch /run/twin/queues 2> /run/twin/queues.log || { cat /run/twin/queues.log >&2; exit 1; } # warns of big quanta
nft -f /run/twin/rules
chown -R frr:frr /etc/frr
install -d -o frr -g frr -m 755 /run/frr
/usr/lib/frr/frrinit.sh start
