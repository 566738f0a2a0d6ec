# Power is back: /run/twin/router boots as at the first start, with monotonic time that starts anew.
set -eu
mount --bind /run/twin/boot_id /proc/sys/kernel/random/boot_id
hostname -F /etc/hostname
read -r up _ < /proc/uptime
exec unshare --time --monotonic "-${up%.*}" --boottime "-${up%.*}" --fork -- sh /run/twin/router
