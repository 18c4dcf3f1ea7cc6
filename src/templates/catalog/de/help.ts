export default `Hilfe zur Mailingliste $listname

Schicken Sie diese Befehle an $request_email, als Betreff einer
Nachricht oder in ihrem Text, je Zeile einen. Angaben in eckigen
Klammern können entfallen.

    join [digest=no|mime|plain] [address=ADRESSE]
        Mitglied werden: mit jedem Beitrag als eigener Nachricht oder
        mit Sammelsendungen, als MIME oder als reiner Text.
        "subscribe" bewirkt dasselbe.

    leave [address=ADRESSE]
        Die Liste verlassen. "unsubscribe" bewirkt dasselbe.

    confirm CODE
        Einen Antrag bestätigen. Der Code steht in der Nachricht, in der
        Sie um Bestätigung gebeten wurden.

    who [delivery=enabled|disabled] [mode=regular|digest]
        Die Mitglieder der Liste anzeigen, sofern Sie sie sehen dürfen.

    echo WORTE
        Die Worte zurückschicken, um zu prüfen, ob Ihre Nachrichten
        ankommen.

    help [BEFEHL]
        Alle Befehle anzeigen oder einen von ihnen erklären.

    end
        Nicht weiterlesen; was folgt, ist nicht für uns bestimmt.
        "stop" bewirkt dasselbe.

Zum Beitreten oder Verlassen genügt auch eine Nachricht an
$short_listname-join@$domain oder $short_listname-leave@$domain.

Ihre Fragen beantworten die Eigentümer der Liste unter $owner_email.
`;
