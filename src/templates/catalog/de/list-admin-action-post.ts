export default `Ein Beitrag an die Mailingliste $display_name wartet auf Freigabe.

    Liste:   $listname
    Von:     $sender_email
    Betreff: $subject

Er wurde aus folgenden Gründen zurückgehalten:

$reasons

Der Beitrag ist angehängt. Sie können auf den Webseiten der Liste über
ihn entscheiden oder indem Sie auf die zweite angehängte Nachricht
antworten; darin steht, wie es geht.
`;
