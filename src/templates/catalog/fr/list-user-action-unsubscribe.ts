export default `Nous avons reçu une demande de désabonnement de cette adresse de la
liste de diffusion $listname :

    $user_email

Avant d'y donner suite, nous vous prions de confirmer que cette
demande vient bien de vous. Répondez simplement à ce message sans en
changer l'objet. Ou bien envoyez cette ligne

    confirm $token

à $request_email.$confirm_by_web

Si vous souhaitez rester membre, vous n'avez rien à faire : sans
réponse de votre part, la demande restera sans effet. Si vous pensez
que quelqu'un fait un usage abusif de votre adresse, veuillez nous le
signaler à $contact_address.
`;
