export default `The mailing list $listname has been set up, and you are its owner.
This is what you need to begin.

Posts to the list go to

    $listname

People join by writing to

    $short_listname-join@$domain

and leave by writing to

    $short_listname-leave@$domain

To see what else the list does by mail, send a message with the word
"help" as its subject to

    $requestaddr

The administrators of this server answer your questions:

    $siteowner
`;
