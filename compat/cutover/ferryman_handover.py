# For Mailman 2.1's withlist (Python 2): lets another list server hand members over, and take them back.
#
#     withlist -q -l -r ferryman_handover.stop LIST
#     withlist -q -l -r ferryman_handover.resume LIST
#
# Says "ready" when it has the lock of the list, then reads one address a line and at last a line with "end". Whoever asked
# may have died meanwhile: without "end" nothing is changed. Only members whose delivery is on are stopped, and only those
# resumed that were stopped by the administrator; they stay members. All of it is one change of the list, under its lock.

import sys

from Mailman import MemberAdaptor


def stop(mlist):
    _change(mlist, MemberAdaptor.ENABLED, MemberAdaptor.BYADMIN)


def resume(mlist):
    _change(mlist, MemberAdaptor.BYADMIN, MemberAdaptor.ENABLED)


def _change(mlist, before, after):
    sys.stdout.write('ready\n')
    sys.stdout.flush()
    lines = sys.stdin.read().splitlines()
    if not lines or lines[-1] != 'end':
        return
    for line in lines[:-1]:
        address = line.strip()
        if address and mlist.isMember(address) and mlist.getDeliveryStatus(address) == before:
            mlist.setDeliveryStatus(address, after)
    mlist.Save()
