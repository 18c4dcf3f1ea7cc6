export default `Ein Beitrag an die Mailingliste $display_name wartet auf Ihre
Entscheidung.

    Liste:   $listname
    Von:     $sender_email
    Betreff: $subject

Er wurde aus folgenden Gründen zurückgehalten:

$reasons

Der Beitrag ist angehängt. Entscheiden können Sie auf den Webseiten
der Liste oder durch eine Antwort auf die zweite angehängte Nachricht,
in der steht, wie es geht.
`;
