# For Mailman 2.1's withlist (Python 2): hands members over to another list server, and back.
#
#     withlist -q -l -r ferryman_handover.stop LIST < addresses
#     withlist -q -l -r ferryman_handover.resume LIST < addresses
#
# Reads one address a line. Only members whose delivery is on are stopped, and only those resumed that were stopped by the
# administrator; they stay members. All of it is one change of the list, under its lock.

import sys

from Mailman import MemberAdaptor


def stop(mlist):
    _change(mlist, MemberAdaptor.ENABLED, MemberAdaptor.BYADMIN)


def resume(mlist):
    _change(mlist, MemberAdaptor.BYADMIN, MemberAdaptor.ENABLED)


def _change(mlist, before, after):
    for line in sys.stdin:
        address = line.strip()
        if address and mlist.isMember(address) and mlist.getDeliveryStatus(address) == before:
            mlist.setDeliveryStatus(address, after)
    mlist.Save()
