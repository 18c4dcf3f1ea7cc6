export default `Aide pour la liste de diffusion $listname

Envoyez ces commandes à $request_email, comme objet d'un message ou
dans son texte, une par ligne. Ce qui est entre crochets peut être
omis.

    join [digest=no|mime|plain] [address=ADRESSE]
        S'abonner : chaque message séparément, ou des envois groupés
        au format MIME ou en texte brut. « subscribe » a le même effet.

    leave [address=ADRESSE]
        Se désabonner. « unsubscribe » a le même effet.

    confirm JETON
        Confirmer une demande. Le jeton figure dans le message qui
        demande la confirmation.

    who [delivery=enabled|disabled] [mode=regular|digest]
        Les membres de la liste, si vous avez le droit de les voir.

    echo MOTS
        Renvoyer ces mots, pour vérifier que votre courrier arrive.

    help [COMMANDE]
        Toutes les commandes, ou plus de détails sur l'une d'elles.

    end
        Ne pas lire plus loin ; la suite ne nous est pas destinée.
        « stop » a le même effet.

Pour s'abonner ou se désabonner, un message à
$short_listname-join@$domain ou à $short_listname-leave@$domain suffit
aussi.

Les propriétaires de la liste répondent à vos questions à l'adresse
$owner_email.
`;
