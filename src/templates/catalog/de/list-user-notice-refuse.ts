export default `Die Moderation der Mailingliste $display_name hat diesen Antrag von
Ihnen abgelehnt:

    $request

Sie schreibt dazu:

$reason

Bei Fragen wenden Sie sich bitte an die Eigentümer der Liste:
$adminaddr.
`;
