# The disk of a node ($1: disk or memory): what the machine has, plus what was written in the node. A disk is a real file
# system, so that a power cut takes what was not synchronised; its blocks are in memory and die with the node.
if [ "$1" = disk ]; then
    if [ ! -e /run/.disk ]; then
        truncate -s 64M /run/.disk
        mkfs.ext4 -q -m 0 -O ^resize_inode -J size=4 /run/.disk
    fi
    mkdir -p /run/.layer
    mount -o loop,noatime /run/.disk /run/.layer
fi
for dir in /etc /var /usr/local; do
    layer=/run/.layer$dir
    mkdir -p "$layer/upper" "$layer/work"
    mount -t overlay -o "lowerdir=$dir,upperdir=$layer/upper,workdir=$layer/work" overlay "$dir"
done
mkdir -p /run/twin /run/lock
