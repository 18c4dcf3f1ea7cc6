"""Drives a server by mailmanclient, as Postorius does. Arguments: URL, and the LMTP port. Prints one line when all holds."""
import smtplib
import sys
import time
from urllib.error import HTTPError

from mailmanclient import Client

client = Client(sys.argv[1], 'restadmin', 'restpass')


def same(found, expected):
    assert found == expected, f'found {found!r}, expected {expected!r}'


def refused(status, work):
    try:
        work()
    except HTTPError as error:
        same(error.code, status)
        return error.reason if isinstance(error.reason, str) else str(error)
    raise AssertionError(f'not refused with {status}')


# Server, domains, lists.
same(client.system['mailman_version'].startswith('GNU Mailman 3.3'), True)
same(client.preferences['delivery_mode'], 'regular')
same('mta' in client.configuration, True)
same(client.configuration['language.fr']['description'], 'French')
domain = client.create_domain('example.com', description='Examples')
same(str(domain.description), 'Examples')
domain.add_owner('boss@example.com')
same([str(address) for owner in domain.owners for address in owner.addresses], ['boss@example.com'])
domain.remove_all_owners()
same(len(domain.owners), 0)
ant = domain.create_list('ant')
bee = domain.create_list('bee', style_name='legacy-announce')
same([each.fqdn_listname for each in client.lists], ['ant@example.com', 'bee@example.com'])
same(len(client.get_list_page(count=1, page=2)), 1)
same(bee.settings['allow_list_posts'], False)
same(sorted(client.styles['style_names']), ['legacy-announce', 'legacy-default', 'private-default'])
refused(400, lambda: domain.create_list('ant'))

# Settings.
settings = ant.settings
settings['description'] = 'Ants & co: é ✓'
settings['subject_prefix'] = '[é] '
settings['max_message_size'] = 123
settings['acceptable_aliases'] = ['^ants', 'other@example.com']
settings['default_member_action'] = 'hold'
settings['accept_these_nonmembers'] = ['friend@example.com', '^.*@friends[.]example']
settings['advertised'] = False
settings['archive_policy'] = 'private'
settings.save()
settings = client.get_list('ant@example.com').settings
same(settings['description'], 'Ants & co: é ✓')
same(settings['max_message_size'], 123)
same(settings['acceptable_aliases'], ['^ants', 'other@example.com'])
same(settings['default_member_action'], 'hold')
same(settings['accept_these_nonmembers'], ['friend@example.com', '^.*@friends[.]example'])
same(settings['digest_size_threshold'], 30.0)
same([each.list_id for each in client.get_lists(advertised=True)], ['bee.example.com'])
settings['default_member_action'] = 'defer'
settings.save()
same(dict(ant.archivers.items()).get('prototype'), True)
ant.archivers['prototype'] = False
same(ant.archivers['prototype'], False)

# Members.
anne = ant.subscribe('Anne+ants/1@example.com', 'Anne Person', pre_verified=True, pre_confirmed=True)
same(anne.email, 'anne+ants/1@example.com')
same(anne.display_name, 'Anne Person')
bill = ant.subscribe('bill@example.com', 'Bill', pre_verified=True, pre_confirmed=True, pre_approved=True)
pending = ant.subscribe('zed@example.com')
same(pending['token_owner'], 'subscriber')
same([request['email'] for request in ant.requests], ['zed@example.com'])
same(ant.get_requests_count(), 1)
ant.discard_request(pending['token'])
same(len(ant.requests), 0)
refused(409, lambda: ant.subscribe('bill@example.com'))
same([member.email for member in ant.members], ['anne+ants/1@example.com', 'bill@example.com'])
same([member.email for member in ant.find_members('*ill*')], ['bill@example.com'])
same(ant.get_member('bill@example.com').member_id, bill.member_id)
ant.add_owner('owner@example.com')
ant.add_moderator('moderator@example.com')
same([owner.email for owner in ant.owners], ['owner@example.com'])
ant.remove_owner('owner@example.com')
same(len(ant.owners), 0)
bill.moderation_action = 'reject'
bill.delivery_mode = 'mime_digests'
bill.save()
same(ant.get_member('bill@example.com').moderation_action, 'reject')
preferences = bill.preferences
preferences['delivery_status'] = 'by_user'
preferences['acknowledge_posts'] = True
preferences.save()
same(client.get_member('ant@example.com', 'bill@example.com').preferences['delivery_status'], 'by_user')
same(len(client.members), 3)
same(len(client.get_member_page(count=2, page=1)), 2)

# Users and addresses.
cris = client.create_user('cris@example.com', 'secret', 'Cris')
same(cris.display_name, 'Cris')
cris.add_address('cris2@example.com')
same(sorted(str(address) for address in cris.addresses), ['cris2@example.com', 'cris@example.com'])
address = client.get_address('cris@example.com')
address.verify()
same(client.get_address('cris@example.com').verified, True)
cris.preferred_address = 'cris@example.com'
same(str(cris.preferred_address), 'cris@example.com')
cris.add_address('boss@example.com', absorb_existing=True)
same(len(cris.addresses), 3)
cris.is_server_owner = True
cris.save()
same([user.user_id for user in client.find_users('cris2')], [cris.user_id])
same(len(list(client.find_lists('bill@example.com'))), 1)
member = bee.subscribe(cris.user_id, pre_verified=True, pre_confirmed=True, pre_approved=True)
same(member.subscription_mode, 'as_user')

# Bans, header matches, templates.
ant.bans.add('^.*@spam[.]example')
client.bans.add('nobody@example.com')
same('x@spam.example' in ant.bans, True)
same([str(ban) for ban in ant.bans], ['^.*@spam[.]example'])
ant.bans.remove('^.*@spam[.]example')
same('x@spam.example' in ant.bans, False)
client.bans.remove('nobody@example.com')
same(len(client.bans), 0)
match = ant.header_matches.add('X-Spam', '^yes', 'discard')
ant.header_matches.add('Subject', 'buy')
same([(each.header, each.pattern, each.action) for each in ant.header_matches],
     [('x-spam', '^yes', 'discard'), ('subject', 'buy', None)])
match.pattern = '^no'
match.save()
same(ant.header_matches[0].pattern, '^no')
ant.header_matches[0].delete()
same(len(ant.header_matches), 1)
ant.set_template('list:user:notice:welcome', 'http://localhost/welcome', 'user', 'password')
same([(each.name, each.uri) for each in ant.templates], [('list:user:notice:welcome', 'http://localhost/welcome')])
ant.templates[0].delete()
same(len(ant.templates), 0)

# A post that waits for its moderator.
lmtp = smtplib.LMTP('127.0.0.1', int(sys.argv[2]))
mail = 'From: stranger@example.com\r\nTo: ant@example.com\r\nSubject: Hello\r\nMessage-ID: <{}@x>\r\n\r\nHi\r\n'
for name in ('one', 'two', 'three'):
    lmtp.sendmail('stranger@example.com', ['ant@example.com'], mail.format(name))
lmtp.quit()
for attempt in range(100):
    if ant.get_held_count() == 3:
        break
    time.sleep(0.1)
same([held.subject for held in ant.held], ['Hello', 'Hello', 'Hello'])
same(ant.held[0].reason, 'The message is not from a list member')
ant.accept_message(ant.held[0].request_id)
ant.reject_message(ant.held[0].request_id, 'No.')
ant.held[0].discard()
same(ant.get_held_count(), 0)
same(client.queues['in'].name, 'in')

# The end.
ant.unsubscribe('bill@example.com')
same([member.email for member in ant.members], ['anne+ants/1@example.com'])
same(ant.mass_unsubscribe(['anne+ants/1@example.com', 'nobody@example.com'])['nobody@example.com'], False)
same(len(ant.members), 0)
cris.delete()
refused(404, lambda: client.get_user(cris.user_id).display_name)
ant.delete()
refused(404, lambda: client.get_list('ant@example.com').display_name)
client.delete_domain('example.com')
same(len(client.lists), 0)
print('all as expected')
