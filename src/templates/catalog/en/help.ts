export default `Help for the mailing list $listname

Send these commands to $request_email, as the subject of a message or
in its text, one on a line. What is in brackets may be left out.

    join [digest=no|mime|plain] [address=ADDRESS]
        Become a member, with each post as a mail of its own, or with
        digests as MIME or as plain text. "subscribe" does the same.

    leave [address=ADDRESS]
        Leave the list. "unsubscribe" does the same.

    confirm TOKEN
        Confirm a request. The token is in the message that asks for it.

    who [delivery=enabled|disabled] [mode=regular|digest]
        The members of the list, if you may see them.

    echo WORDS
        Send the words back, to see whether mail to us arrives.

    help [COMMAND]
        All commands, or more about one of them.

    end
        Read no further; what follows is not meant for us. "stop" does
        the same.

A message to $short_listname-join@$domain or
$short_listname-leave@$domain is enough to join or leave.

The owners of the list answer your questions at $owner_email.
`;
