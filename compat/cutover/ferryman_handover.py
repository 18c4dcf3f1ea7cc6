# For Mailman 2.1's withlist (Python 2): lets another list server hand members over, keep Mailman informed of them, and take
# them back.
#
#     withlist -q -l -r ferryman_handover.stop LIST
#     withlist -q -l -r ferryman_handover.change LIST
#     withlist -q -l -r ferryman_handover.resume LIST
#
# Says "ready" when it has the lock of the list, then reads one member a line and at last a line with "end". Whoever asked
# may have died meanwhile: without "end" nothing is changed. Only members whose delivery is on are stopped, and only those
# resumed that were stopped by the administrator; they stay members. All of it is one change of the list, under its lock.
#
# A line is an address, and behind it, each after a tab, options as NAME=VALUE, quoted as in URLs, of UTF-8: those that the
# member has changed at the other server. "delivery" is how a member who is resumed is to get mail: on, user, admin, bounces
# or unknown. "leave" says that a moderator has to decide whether the member may leave.

import sys

try:
    from urllib import unquote
except ImportError:
    from urllib.parse import unquote

from Mailman import MemberAdaptor
from Mailman import Utils
from Mailman import mm_cfg

# The option, and whether the bit says the opposite of it.
BITS = {
    'ack': (mm_cfg.AcknowledgePosts, 0),
    'duplicates': (mm_cfg.DontReceiveDuplicates, 1),
    'hide': (mm_cfg.ConcealSubscription, 0),
    'mod': (mm_cfg.Moderate, 0),
    'myposts': (mm_cfg.DontReceiveOwnPosts, 1),
    'othertopics': (mm_cfg.ReceiveNonmatchingTopics, 0),
    'reminders': (mm_cfg.SuppressPasswordReminder, 1),
    }

DELIVERY = {
    'on': MemberAdaptor.ENABLED,
    'user': MemberAdaptor.BYUSER,
    'admin': MemberAdaptor.BYADMIN,
    'bounces': MemberAdaptor.BYBOUNCE,
    'unknown': MemberAdaptor.UNKNOWN,
    }


def stop(mlist):
    _change(mlist, _stop)


def change(mlist):
    _change(mlist, _set_options)


def resume(mlist):
    _change(mlist, _resume)


def _change(mlist, work):
    sys.stdout.write('ready\n')
    sys.stdout.flush()
    lines = [line.strip() for line in sys.stdin.read().split('\n')]
    lines = [line for line in lines if line]
    if not lines or lines.pop() != 'end':
        return
    for line in lines:
        words = line.split('\t')
        if mlist.isMember(words[0]):
            work(mlist, words[0], dict([word.split('=', 1) for word in words[1:]]))
    mlist.Save()


def _stop(mlist, address, options):
    if mlist.getDeliveryStatus(address) == MemberAdaptor.ENABLED:
        mlist.setDeliveryStatus(address, MemberAdaptor.BYADMIN)


def _resume(mlist, address, options):
    address = _set_options(mlist, address, options)
    if mlist.getDeliveryStatus(address) == MemberAdaptor.BYADMIN:
        mlist.setDeliveryStatus(address, DELIVERY[options.get('delivery', 'on')])
    if 'leave' in options:
        mlist.HoldUnsubscription(address)


def _set_options(mlist, address, options):
    if 'address' in options:
        address = _move(mlist, address, unquote(options['address']))
    for name in BITS:
        if name in options:
            bit, is_opposite = BITS[name]
            mlist.setMemberOption(address, bit, (options[name] == 'on') != is_opposite)
    if 'digest' in options:
        _set_digest(mlist, address, options['digest'])
    if 'language' in options:
        language = unquote(options['language'])
        if language in mlist.GetAvailableLanguages():
            mlist.setMemberLanguage(address, language)
    if 'name' in options:
        mlist.setMemberName(address, _personal(mlist, options['name']))
    if 'topics' in options:
        names = _text(options['topics']).split(u'\n')
        mlist.setMemberTopics(address, [_encoded(mlist, name) for name in names if name])
    return address


def _move(mlist, address, wanted):
    # Its delivery stays off: whoever is moved was stopped.
    status = mlist.getDeliveryStatus(address)
    if address.lower() != wanted.lower() and mlist.isMember(wanted):
        mlist.removeMember(address)
        return wanted
    mlist.changeMemberAddress(address, wanted)
    if mlist.getDeliveryStatus(wanted) != status:
        mlist.setDeliveryStatus(wanted, status)
    return wanted


def _set_digest(mlist, address, wanted):
    is_digest = wanted != 'off'
    if is_digest:
        mlist.setMemberOption(address, mm_cfg.DisableMime, wanted == 'plain')
        can = mlist.digestable
    else:
        can = mlist.nondigestable
    if can and bool(mlist.getMemberOption(address, mm_cfg.Digests)) != is_digest:
        mlist.setMemberOption(address, mm_cfg.Digests, is_digest)


def _text(quoted):
    value = unquote(quoted)
    if hasattr(value, 'decode'):
        value = value.decode('utf-8', 'replace')
    return value


def _encoded(mlist, text):
    return text.encode(Utils.GetCharSet(mlist.preferred_language), 'xmlcharrefreplace')


def _personal(mlist, quoted):
    # Unicode where the charset of the list has no such characters, as from the pages.
    text = _text(quoted)
    try:
        return text.encode(Utils.GetCharSet(mlist.preferred_language))
    except UnicodeError:
        return text
