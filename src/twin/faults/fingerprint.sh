# The router's configuration as its kernel and daemons have it, read without the agent. Nothing that depends on time, order
# of creation, or what neighbours announce.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
# Nor who has the gateways that move between routers: those of these interfaces come and go.
moving=$(sed -n 's/^ *\(10\.\|2001:\).* dev \(.*\)/\2/p' /etc/keepalived/keepalived.conf 2> /dev/null | sort -u | paste -s -d '|')
echo "# links" # a port that was in the switch once may stay promiscuous
ip -o link show | sed -E 's/,PROMISC//; s/^[0-9]+: ([^@:]+)(@[^:]+)?: <([^>]*)>.*/\1 \3/' | sort
echo "# addresses"
ip -o address show scope global | awk '{ print $2, $3, $4 }' | grep -Ev "^(${moving:-none}) " | sort
echo "# routes"
for family in -4 -6; do
    for protocol in static kernel; do ip $family route show proto $protocol | grep -Ev "^fe80| dev (${moving:-none}) " | sed 's/ nhid [0-9]*//; s/ *$//' | sort; done
    ip $family rule show
done
echo "# queues" # a link that was up once keeps the kernel's own noqueue
tc qdisc show | grep -v '^qdisc noqueue' | sed -E 's/ (refcnt|direct_packets_stat|[0-9a-f]+:) ?[0-9]*//g' | sort
echo "# switch"
ovs-vsctl --timeout=3 --no-heading --format=csv --columns=name,tag,trunks,vlan_mode list Port | sort
ovs-vsctl --timeout=3 --no-heading --format=csv --columns=name,type,error list Interface | sort
echo "# routing"
vtysh -c "show running-config" | tail -n +4 | sort # names are printed in the order of their creation
echo "# firewall"
nft -s list ruleset
echo "# settings"
sysctl --all --pattern '^net\.(ipv[46]\.conf\.(all|default)\.|ipv4\.(ip_|icmp_|tcp_syn)|ipv6\.icmp)' 2> /dev/null | grep -v stable_secret
echo "# processes"
ps -eo comm= | grep -E '^(zebra|bgpd|bfdd|staticd|ospfd|watchfrr|keepalived|ovs|napalm|frr)' | sort
echo "# listeners"
ss -Hlntu | awk '{ print $1, $5 }' | grep -Ev ':(49[1-9]|[56][0-9])[0-9]{2,3}$' | sort
echo "# accounts"
getent passwd | awk -F: '$3 >= 1000 && $3 < 60000 { print $1, $6, $7 }' | sort
for file in /etc/hostname /etc/ssh/sshd_config /etc/ssh/authorized_keys.d/* /etc/sudoers.d/* /etc/sysctl.d/90* /etc/frr/daemons; do sha256sum "$file"; done 2>&1
