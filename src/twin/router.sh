# Boot a site's router. Its files are in place: the agent, the confirmed document, the ssh host key.
set -eu
sync -f /run/.layer # it was delivered long ago

install -d /run/openvswitch /run/sshd /etc/openvswitch
if [ ! -e /run/.layer/etc/upper/openvswitch/conf.db ]; then # its own, not the machine's that shows through
    rm -f /etc/openvswitch/conf.db /etc/openvswitch/.conf.db.~lock~
    ovsdb-tool create /etc/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema
fi
ovsdb-server --remote=punix:/run/openvswitch/db.sock --pidfile --detach --no-chdir --monitor \
    --log-file=/var/log/ovsdb-server.log /etc/openvswitch/conf.db
ovs-vsctl --no-wait -- init -- set Open_vSwitch . \
    other_config:n-handler-threads=1 other_config:n-revalidator-threads=1 # a core per thread is the default
ovs-vswitchd --pidfile --detach --no-chdir --monitor --log-file=/var/log/ovs-vswitchd.log

/usr/local/sbin/napalm-frr-agent boot
install -d -o frr -g frr -m 755 /run/frr
/usr/lib/frr/frrinit.sh start
if [ -s /etc/keepalived/keepalived.conf ]; then
    setsid --fork sh -c 'exec keepalived --dont-fork --vrrp --log-console >> /var/log/keepalived.log 2>&1'
fi
/usr/sbin/sshd -E /var/log/sshd.log
