"""What an instance does with its volume before anything else: wait for it, format it once, mount it."""

from __future__ import annotations

_PATIENCE = 180
"""Looks, five seconds apart."""
_SCRIPT = """\
if ! bash -euo pipefail <<'MOUNT'
volume='{volume}'
device="{by_id}/nvme-Amazon_Elastic_Block_Store_${{volume//-/}}"
for look in $(seq {patience}); do
  [ -e "$device" ] && break
  sleep 5
done
kind=$(blkid -p -o value -s TYPE "$device" || [ $? -eq 2 ])
if [ -z "$kind" ]; then
  {blank}
fi
mkdir -p '{mount}'
mountpoint -q '{mount}' || mount -o noatime "$device" '{mount}'
case "$(findmnt -n -o FSTYPE '{mount}')" in
  xfs) xfs_growfs '{mount}' ;;
  ext4) resize2fs "$device" ;;
esac
grep -q ' {mount} ' /etc/fstab || echo "$device {mount} auto noatime,nofail 0 2" >> /etc/fstab
MOUNT
then
  echo '{mount} could not be mounted: this instance is of no use, and another one will try' | tee /dev/console
  shutdown -h now
  exit 1
fi"""


def mount_script(volume: str, mount: str, *, restored: bool, by_id: str = "/dev/disk/by-id") -> str:
    """A new volume is formatted, which mkfs refuses where something is; one from a snapshot never is.

    An instance that cannot mount it switches itself off: its group sees that, and replaces it.
    """
    blank = "echo 'the snapshot held no file system' >&2; exit 1" if restored else 'mkfs.xfs "$device"'
    return _SCRIPT.format(volume=volume, mount=mount, blank=blank, by_id=by_id, patience=_PATIENCE)
