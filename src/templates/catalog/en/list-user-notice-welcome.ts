export default `Welcome to the $display_name mailing list!

You are now a member with the address $user_email.

To write to the members, send your message to

    $listname

To learn what the list does by mail, and how you can change the way in
which posts reach you, send a message with the word "help" as its
subject to

    $request_email

To leave the list, write to

    $short_listname-leave@$domain

The owners of the list answer your questions at $owner_email.
`;
