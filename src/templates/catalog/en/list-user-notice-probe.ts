export default `This message only tests whether mail reaches you. You need not answer
it.

Some mail from the mailing list $listname to your address
$sender_email has bounced. The last of these bounces is attached where
it was kept. If you can read this, your address works and your
membership goes on as before.

If this message bounces too, the list stops sending you posts. If you
need help, please write to $owneraddr.
`;
