# Runs a function of ferryman_handover.py as withlist does: on a list that answers Mailman 2.1's calls, and notes those that change
# something. Python 2 or 3.
#
#     handover-script.py FOLDER-OF-THE-SCRIPT FUNCTION < LINES
#
# Prints what the script says, then each call in a line of its own.

import sys
import types


def module(name, **contents):
    made = types.ModuleType(name)
    made.__dict__.update(contents)
    sys.modules[name] = made
    return made


mailman = module('Mailman')
mailman.MemberAdaptor = module(
    'Mailman.MemberAdaptor', ENABLED=0, UNKNOWN=1, BYUSER=2, BYADMIN=3, BYBOUNCE=4)
mailman.Utils = module('Mailman.Utils', GetCharSet=lambda language: {'ja': 'euc-jp'}.get(language, 'us-ascii'))
mailman.mm_cfg = module(
    'Mailman.mm_cfg', Digests=0, DontReceiveOwnPosts=2, AcknowledgePosts=4, DisableMime=8, ConcealSubscription=16,
    SuppressPasswordReminder=32, ReceiveNonmatchingTopics=64, Moderate=128, DontReceiveDuplicates=256)


def shown(value):
    if isinstance(value, list):
        return '[' + ', '.join([shown(one) for one in value]) + ']'
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, type(u'')) and type(u'') is not str:
        return 'u' + repr(value.encode('utf-8'))
    if isinstance(value, type(b'')) and type(b'') is not str:
        return repr(value)[1:]
    return repr(value)


class TheList:
    preferred_language = 'en'
    digestable = 1
    nondigestable = 1

    def __init__(self):
        self.statuses = {'anne@x.example': 3, 'bart@x.example': 0, 'cris@x.example': 2}
        self.digests = {}

    def isMember(self, address):
        return address.lower() in self.statuses

    def getDeliveryStatus(self, address):
        return self.statuses[address.lower()]

    def getMemberOption(self, address, flag):
        assert flag == 0
        return address.lower() in self.digests

    def GetAvailableLanguages(self):
        return ['en', 'de']

    def changeMemberAddress(self, old, new, nodelete=0):
        self.note('changeMemberAddress', old, new)
        # As if the status were forgotten: it is to be set again.
        del self.statuses[old.lower()]
        self.statuses[new.lower()] = 0

    def setDeliveryStatus(self, address, status):
        self.note('setDeliveryStatus', address, status)
        self.statuses[address.lower()] = status

    def note(self, name, *values):
        sys.stdout.write(name + '(' + ', '.join([shown(value) for value in values]) + ')\n')

    def __getattr__(self, name):
        if name not in ('setMemberOption', 'setMemberLanguage', 'setMemberName', 'setMemberTopics', 'removeMember', 'HoldUnsubscription', 'Save'):
            raise AttributeError(name)
        return lambda *values: self.note(name, *values)


sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
script = __import__('ferryman_handover')
getattr(script, sys.argv[2])(TheList())
