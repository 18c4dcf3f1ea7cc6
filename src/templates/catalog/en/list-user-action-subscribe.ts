export default `We have received a request to add this address to the mailing list
$listname:

    $user_email

Before that happens, please confirm that the request is yours. Just
reply to this message without changing its subject. Or send this line

    confirm $token

to $request_email.$confirm_by_web

If you do not want to join, you need not do anything: without your
reply the request lapses. If you think that somebody is misusing
your address, please tell us at $contact_address.
`;
